import { afterEach, describe, expect, it, vi } from 'vitest';
import { platformConsent, tcfConsent } from '../../../src/adapters/consent/cmp.js';
import { shopifyConsent } from '../../../src/adapters/consent/shopify.js';

afterEach(() => vi.unstubAllGlobals());

describe('Shopify', () => {
  /** What Shopify's API says of a visitor. */
  function shopify(said: Record<string, string>, allowed: boolean): object {
    const is = (): boolean => allowed;
    return {
      currentVisitorConsent: () => said,
      ...{ preferencesProcessingAllowed: is, analyticsProcessingAllowed: is },
      ...{ marketingAllowed: is, saleOfDataAllowed: is },
    };
  }

  it('has no answer before its API is there, loads it once, and tells when it is', () => {
    const done: (() => void)[] = [];
    const site: { customerPrivacy?: object; loadFeatures: unknown } = {
      loadFeatures: (_: unknown, loaded: () => void) => done.push(loaded),
    };
    vi.stubGlobal('Shopify', site);
    vi.stubGlobal('document', new EventTarget());
    const source = shopifyConsent();
    let told = 0;
    const stop = source.listen(() => told++);
    expect(source.get()).toEqual({
      ...{ remember: 'ask', suggest: 'ask', measure: 'ask', share: 'ask' },
    });
    expect(done).toHaveLength(1);
    site.customerPrivacy = shopify({ preferences: '', analytics: 'no', sale_of_data: 'yes' }, true);
    done[0]?.();
    expect(told).toBe(1);
    expect(source.get()).toEqual({
      ...{ remember: 'granted', suggest: 'granted', measure: 'denied', share: 'granted' },
    });
    document.dispatchEvent(new Event('visitorConsentCollected'));
    expect(told).toBe(2);
    stop();
    document.dispatchEvent(new Event('visitorConsentCollected'));
    expect(told).toBe(2);
  });

  it.each([
    [{}, false, 'ask'],
    [{ preferences: '' }, false, 'ask'],
    [{ preferences: 'no' }, true, 'denied'],
    [{ preferences: 'yes' }, true, 'granted'],
    [{ preferences: 'yes' }, false, 'denied'],
  ] as const)('reads %j, allowed %s, as %s', (said, allowed, answer) => {
    vi.stubGlobal('Shopify', { customerPrivacy: shopify(said, allowed) });
    expect(shopifyConsent({ purposes: { remember: 'preferences' } }).get()).toEqual({
      remember: answer,
    });
  });

  it('is silent elsewhere, and where its API throws', () => {
    expect(shopifyConsent().get().remember).toBe('ask');
    vi.stubGlobal('Shopify', {
      customerPrivacy: {
        currentVisitorConsent: () => {
          throw new Error('theirs');
        },
      },
    });
    expect(shopifyConsent().get().remember).toBe('ask');
  });
});

describe('IAB TCF', () => {
  type Callback = (data: object | null, success: boolean) => void;

  it('needs all of the purposes that the shop named, and the vendor', () => {
    const heard: Callback[] = [];
    vi.stubGlobal('__tcfapi', (_: string, __: number, hear: Callback) => heard.push(hear));
    const source = tcfConsent({ purposes: { remember: [1], measure: [1, 8] }, vendor: 7 });
    let told = 0;
    source.listen(() => told++);
    expect(source.get()).toEqual({ remember: 'ask', measure: 'ask' });
    const say = (eventStatus: string, consents: object, vendor = true): void =>
      heard[0]?.({ eventStatus, purpose: { consents }, vendor: { consents: { 7: vendor } } }, true);
    say('cmpuishown', { 1: true, 8: true });
    expect(source.get().remember).toBe('ask');
    say('useractioncomplete', { 1: true, 8: false });
    expect(source.get()).toEqual({ remember: 'granted', measure: 'denied' });
    say('useractioncomplete', { 1: true, 8: true }, false);
    expect(source.get()).toEqual({ remember: 'denied', measure: 'denied' });
    heard[0]?.({ eventStatus: 'tcloaded', gdprApplies: false }, true);
    expect(source.get()).toEqual({});
    expect(told).toBe(3);
    expect(heard).toHaveLength(1);
  });
});

describe('any platform', () => {
  it('is read by the function of the shop, and again after its events', () => {
    const view = new EventTarget();
    vi.stubGlobal('window', view);
    let said: { remember?: boolean } | undefined;
    const source = platformConsent({
      ...{ purposes: ['remember', 'suggest'], read: () => said, events: ['OneTrustGroupsUpdated'] },
    });
    let told = 0;
    const stop = source.listen(() => told++);
    expect(source.get()).toEqual({ remember: 'ask', suggest: 'ask' });
    said = { remember: true };
    view.dispatchEvent(new Event('OneTrustGroupsUpdated'));
    expect(told).toBe(1);
    expect(source.get()).toEqual({ remember: 'granted', suggest: 'ask' });
    stop();
    view.dispatchEvent(new Event('OneTrustGroupsUpdated'));
    expect(told).toBe(1);
  });
});
