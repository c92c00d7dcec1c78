/** How the device keeps things. */
export interface StorageStatus {
  readonly kind: 'memory' | 'opening' | 'persistent';
  /** Why it is memory; or `evicted`: the browser had emptied it, and what is kept from now on begins anew. */
  readonly reason?:
    | 'evicted'
    | 'no-consent'
    | 'not-configured'
    | 'unavailable'
    | 'blocked'
    | 'timeout'
    | 'corrupt'
    | 'locked'
    | 'newer'
    | 'kiosk'
    | 'lost'
    | 'superseded';
  /** True when nothing may be written: data of a newer version is there. */
  readonly readOnly?: true;
  /** True when the browser has promised not to evict this site's data by itself; absent while it was not asked. */
  readonly persisted?: boolean;
  /**
   * Records dropped here for want of room, since this device began: what a backend has, and what none has; absent when there was
   * none. What they counted is kept.
   */
  readonly dropped?: { readonly delivered: number; readonly unsent: number };
}
