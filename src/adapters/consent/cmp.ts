import type { ConsentSource } from '../../profile/port.js';
import type { ConsentPurpose } from '../../profile/types.js';
import { listenOn, listenersOf } from './listeners.js';

/** Purposes that a consent platform can speak for: a yes to `health` is given to the shop itself. */
export type PlatformPurpose = Exclude<ConsentPurpose, 'health'>;

/** How a consent platform is read. */
export interface PlatformConsentOptions {
  /** What it is asked for. Until it has answered, nothing of these is stored or read. */
  readonly purposes: readonly PlatformPurpose[];
  /** True for a yes, false for a no, left out while there is no answer. Undefined while nobody has answered at all. */
  readonly read: () => { readonly [purpose in PlatformPurpose]?: boolean } | undefined;
  /** Events of `window` after which it is read again: `OneTrustGroupsUpdated`. */
  readonly events?: readonly string[];
  /** The same for a platform that calls back; returns the way to stop. */
  readonly listen?: (changed: () => void) => (() => void) | undefined;
}

/**
 * Any consent platform, by a function that says what its answers mean here: OneTrust, Cookiebot, Google Consent Mode.
 * @example
 * platformConsent({
 *   purposes: ['remember', 'suggest'],
 *   read: () => ({ remember: allows('C0003'), suggest: allows('C0003') }),
 *   events: ['OneTrustGroupsUpdated'],
 * });
 */
export function platformConsent(options: PlatformConsentOptions): ConsentSource {
  const { purposes, read, events = [], listen } = options;
  return {
    get: () => {
      const said = attempt(read);
      return Object.fromEntries(purposes.map((purpose) => [purpose, answerOf(said?.[purpose])]));
    },
    listen: (changed) => {
      const stops = [listenOn(globalThis.window, events, changed), listen?.(changed)];
      return () => stops.forEach((stop) => stop?.());
    },
  };
}

/** What has to be agreed to in the words of IAB's Transparency and Consent Framework. */
export interface TcfConsentOptions {
  /** Numbers of TCF purposes that a purpose of ours needs a yes to, all of them: `{ remember: [1], suggest: [1, 5] }`. */
  readonly purposes: { readonly [purpose in PlatformPurpose]?: readonly number[] };
  /** The shop's number in the Global Vendor List, if it has one: then it needs a yes as well. @defaultValue none */
  readonly vendor?: number;
}

interface TcData {
  readonly eventStatus?: unknown;
  readonly gdprApplies?: unknown;
  readonly listenerId?: unknown;
  readonly purpose?: { readonly consents?: { readonly [id: string]: unknown } };
  readonly vendor?: { readonly consents?: { readonly [id: string]: unknown } };
}

type TcfApi = (
  command: string,
  version: number,
  callback: (data: TcData | null, success: boolean) => void,
  parameter?: unknown,
) => void;

/**
 * The consent that a platform gives by IAB TCF 2.2 (`__tcfapi`). Which of its purposes stand for which of ours is for the shop to say.
 * Without an answer, and where the platform says that GDPR does not apply, nothing is said: the page asks.
 * @example
 * createRegulars({ shop: 'blue-door', consent: tcfConsent({ purposes: { remember: [1], measure: [1, 8] } }) });
 */
export function tcfConsent({ purposes, vendor }: TcfConsentOptions): ConsentSource {
  const entries = Object.entries(purposes) as [PlatformPurpose, readonly number[]][];
  const tell = listenersOf();
  let data: TcData | undefined;
  let isListening = false;
  const hear = (next: TcData | null, success: boolean): void => {
    // while its window is open the last answer holds
    if (!success || !/^(tcloaded|useractioncomplete)$/.test(String(next?.eventStatus))) return;
    data = next ?? undefined;
    tell.all();
  };
  const begin = (): void => {
    const { __tcfapi: api } = globalThis as { readonly __tcfapi?: TcfApi };
    if (isListening || typeof api !== 'function') return;
    isListening = true;
    attempt(() => api('addEventListener', 2, hear));
  };
  const answer = (ids: readonly number[]): boolean =>
    ids.every((id) => data?.purpose?.consents?.[id] === true) &&
    (vendor === undefined || data?.vendor?.consents?.[vendor] === true);
  return {
    get: () => {
      begin();
      const answers: [string, string][] = entries.map(([purpose, ids]) => [
        purpose,
        data === undefined || ids.length === 0 ? 'ask' : answerOf(answer(ids)),
      ]);
      return data?.gdprApplies === false ? {} : Object.fromEntries(answers);
    },
    listen: (changed) =>
      tell.add(changed, () => {
        begin();
        // a platform whose stub comes after us
        return listenOn(globalThis.window, ['DOMContentLoaded', 'load'], begin);
      }),
  };
}

function answerOf(yes: unknown): 'ask' | 'granted' | 'denied' {
  return yes === true ? 'granted' : yes === false ? 'denied' : 'ask';
}

/** What is called is somebody else's; what it throws is no answer. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
