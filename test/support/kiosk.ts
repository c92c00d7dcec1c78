import type { CustomerView, IdentityBackend, RawIdentifier } from '../../src/identity/port.js';
import type { FakeClock } from '../../src/testing/fake-clock.js';

/** Lets a promise settle that waits for the fake clock; gives what it came to, and how long it took. */
export async function timed<T>(
  clock: FakeClock,
  promise: Promise<T>,
): Promise<{ readonly value: T; readonly ms: number }> {
  const before = clock.elapsed();
  let settled = false;
  const end = (): void => {
    settled = true;
  };
  promise.then(end, end);
  for (let turn = 0; turn < 1_000; turn++) {
    if (settled) break;
    await new Promise((resolve) => setTimeout(resolve, 0));
    // what needs no time is done by now
    if (turn > 40 && !settled) clock.advance(50);
  }
  return { value: await promise, ms: clock.elapsed() - before };
}

/** What a shop's backend was asked, and a backend that greets whoever has allowed it. */
export function lookUpBackend(
  views: { readonly [number: string]: CustomerView | (() => Promise<never>) },
  afterMs: (value: string) => Promise<void> = () => Promise.resolve(),
): { readonly backend: IdentityBackend; readonly asked: (readonly RawIdentifier[])[] } {
  const asked: (readonly RawIdentifier[])[] = [];
  const never = (): Promise<never> => Promise.reject(new Error('not asked for here'));
  return {
    asked,
    backend: {
      proofs: ['qr', 'code'],
      lookUp: async (who) => {
        asked.push(who);
        const value = who[0]?.value ?? '';
        await afterMs(value);
        const view = views[value];
        if (typeof view === 'function') return view();
        return view ? { kind: 'view', view } : { kind: 'unproven' };
      },
      requestProof: never,
      checkProof: never,
    },
  };
}
