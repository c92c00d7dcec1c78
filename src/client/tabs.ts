import type { MarkerStore } from './marker.js';

/** What one tab tells the others of the same shop. Hints only: the truth is in storage. */
export type TabMessage =
  'changed' | 'signed-out' | 'person-changed' | 'forgotten' | VerifiedElsewhere;

/** Somebody was verified; times are wall times, the same in all tabs of a device. */
export interface VerifiedElsewhere {
  readonly kind: 'verified';
  readonly subject: string;
  readonly customer: string;
  readonly at: number;
  readonly until?: number;
}

/** The line between the tabs of one shop on one device. */
export interface Tabs {
  readonly tell: (message: TabMessage) => void;
  readonly close: () => void;
}

/** Opens the line: a BroadcastChannel, or where that is missing or refused, the marker, whose changes browsers tell to other tabs. */
export function openTabs(
  name: string,
  markers: MarkerStore,
  hear: (message: TabMessage) => void,
): Tabs {
  try {
    const channel = new BroadcastChannel(name);
    // in Node an open channel would keep the process alive
    (channel as { readonly unref?: () => void }).unref?.();
    channel.onmessage = (event: MessageEvent<TabMessage>) => hear(event.data);
    return {
      tell: (message) => channel.postMessage(message),
      close: () => channel.close(),
    };
  } catch {
    return openByMarker(name, markers, hear);
  }
}

/** Without a yes there is no marker, nothing is kept, and so there is nothing to tell. */
function openByMarker(
  name: string,
  markers: MarkerStore,
  hear: (message: TabMessage) => void,
): Tabs {
  let told = 0;
  const take = ({ key, newValue, oldValue }: StorageEvent): void => {
    // null: everything was cleared
    if (key !== name && key !== null) return;
    const message = newValue === null ? 'forgotten' : toldBy(newValue, oldValue);
    if (message) hear(message);
  };
  globalThis.addEventListener?.('storage', take);
  return {
    tell: (message) => {
      // who is verified is for the tabs that are open, not for a disk: those without a channel learn of whom the device remembers
      if (typeof message === 'object') return;
      const marker = markers.read();
      // the number: a text like the one before would be no change
      if (marker) markers.write({ ...marker, ...{ told: `${message} ${marker.at}-${told++}` } });
    },
    close: () => globalThis.removeEventListener?.('storage', take),
  };
}

/** What a marker's text tells; one without a message was written because somebody else is here now, or for the day of a visit. */
function toldBy(text: string, before: string | null): TabMessage | undefined {
  const said = /"told":"([a-z-]+) /.exec(text)?.[1];
  if (said !== undefined) return said as TabMessage;
  return before !== null && whoIn(text) === whoIn(before) ? undefined : 'person-changed';
}

/** All of a marker but the time and what it tells. */
function whoIn(text: string): string {
  return text.replace(/,?"(at":\d+|told":"[^"]*")/g, '');
}
