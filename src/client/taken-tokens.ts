import { createTokenizer, type Tokenizer } from '../identity/tokens.js';
import type { Core } from './core.js';

/** The row in which a device keeps which tokens it has taken: keyed hashes of their ids, each with the wall time it is needed until. */
const ROW = 'taken-tokens';

type Taken = { readonly [hash: string]: number };

/** True the first time a token's id is given, and never again while the token could still be checked. */
export type TakeToken = (id: string, expiresAt: number) => Promise<boolean>;

/**
 * Makes what takes each token once: on this page; and where records are kept, in every tab and after a reload. A kiosk, and a page
 * without a yes to `remember`, may write nothing: they know it for as long as the page is open.
 */
export function createTakenTokens(core: Core): TakeToken {
  const { vault, clock, random, report } = core;
  const here = new Map<string, number>();
  // of its own: the device's key is another one once its storage has opened
  let ofPage: Tokenizer | undefined;

  const takeHere = (hash: string, expiresAt: number): boolean => {
    for (const [old, until] of here) if (until <= clock.now()) here.delete(old);
    if (here.has(hash)) return false;
    here.set(hash, expiresAt);
    return true;
  };
  /** Looked at and written in one transaction: of two tabs that have the same token, one takes it. */
  const takeOnDevice = async (id: string, expiresAt: number): Promise<boolean> => {
    const hash = await createTokenizer(Uint8Array.from(vault.device().key)).token('jti', id);
    if (hash === undefined || !vault.keeps()) return true;
    return vault.run('readwrite', async (transaction) => {
      const row = (await transaction.get('meta', ROW)) as Taken | undefined;
      const left = Object.entries(row ?? {}).filter(([, until]) => until > clock.now());
      if (left.some(([old]) => old === hash)) return false;
      transaction.put('meta', ROW, Object.fromEntries([...left, [hash, expiresAt]]));
      return true;
    });
  };
  return async (id, expiresAt) => {
    ofPage ??= createTokenizer(random(32));
    const hash = await ofPage.token('jti', id);
    if (hash === undefined || !takeHere(hash, expiresAt)) return false;
    if (!vault.keeps()) return true;
    try {
      return await takeOnDevice(id, expiresAt);
    } catch (error) {
      // a full or broken disk shuts nobody out; this page still knows
      report(error);
      return true;
    }
  };
}
