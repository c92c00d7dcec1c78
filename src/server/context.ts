import type { RawIdentifier } from '../identity/port.js';
import type { TokenOf } from '../profile/owners.js';
import type { Clock, Random } from '../kernel/clock.js';
import { isPersonal } from '../profile/link-limits.js';
import type { Stamp } from '../kernel/stamp.js';
import { loadPeople, customerBy } from './people.js';
import type { Bus } from './bus.js';
import type { Reader } from './give-out.js';
import type { Database } from './port.js';
import { provedKey } from './secret-notes.js';
import type { ShopHere } from './shop-keys.js';
import type { Writer } from './take-in.js';
import type { Authorized, RegularsServerOptions, ServerLimits } from './types.js';

/** The end of a server: whoever waits for news waits no longer. No signal, whose many listeners would be taken for a leak. */
export interface Closing {
  readonly isOver: () => boolean;
  /** Calls `act` then; gives the way to stop. */
  readonly hear: (act: () => void) => () => void;
  readonly begin: () => void;
}

/** Makes it. */
export function createClosing(): Closing {
  const acts = new Set<() => void>();
  let isOver = false;
  return {
    isOver: () => isOver,
    hear: (act) => {
      acts.add(act);
      return () => void acts.delete(act);
    },
    begin: () => {
      isOver = true;
      for (const act of [...acts]) act();
    },
  };
}

/** What all parts of a server share. */
export interface Context {
  readonly database: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: Required<ServerLimits>;
  readonly report: (error: unknown) => void;
  readonly closing: Pick<Closing, 'hear' | 'isOver'>;
  readonly options: RegularsServerOptions;
  /** A stamp of this process, later than the one before. */
  readonly stamp: () => Stamp;
  /** A shop with its keys; undefined for one that there is not. */
  readonly shop: (id: string) => Promise<ShopHere | undefined>;
}

/** A request whose sender is known. */
export interface Asked {
  readonly context: Context;
  readonly shop: ShopHere;
  readonly who: Authorized;
  /** Names whom limits count for. */
  readonly device: string;
  readonly request: Request;
  readonly url: URL;
}

/** Calls `act` once nobody waits for the answer any more, or the server is closed; gives the way to stop. */
export function whenGone({ request, context }: Asked, act: () => void): () => void {
  const { signal } = request;
  signal.addEventListener('abort', act);
  const stop = context.closing.hear(act);
  return () => {
    signal.removeEventListener('abort', act);
    stop();
  };
}

/** True once nobody waits for the answer any more, or the server is closed. */
export const isGone = ({ request, context }: Asked): boolean =>
  request.signal.aborted || context.closing.isOver();

/** True for the customer in person, proved: whoever is not reads nothing and leaves nothing but boxes. */
export const isSelf = ({ scope, level = 'verified' }: Authorized): boolean =>
  scope === 'self' && level === 'verified';

/** True for somebody of the staff who says what they are. */
export const isStaff = ({ scope, role = '' }: Authorized): boolean =>
  scope === 'staff' && role !== '';

/** Identifiers in their normal form as tokens. */
export function tokensIn(
  shop: ShopHere,
  who: readonly RawIdentifier[],
): Promise<readonly TokenOf[]> {
  return Promise.all(
    who.map(async ({ type, value }) => ({ type, token: await shop.token({ type, value }) })),
  );
}

/** Tokens of what the host has checked of whoever asks, the account first. */
async function tokensOf({ shop, who }: Pick<Asked, 'shop' | 'who'>): Promise<readonly TokenOf[]> {
  const { account, identifiers = [] } = who;
  const given = [
    ...(account === undefined ? [] : [{ type: 'account', value: account }]),
    ...identifiers,
  ];
  const normal = given.flatMap(({ type, value }) =>
    isPersonal(type) ? (shop.normal(type, value) ?? []) : [],
  );
  return tokensIn(shop, normal);
}

/** What whoever asks may write. */
export async function writerOf(asked: Asked): Promise<Writer> {
  const { shop, who } = asked;
  if (isStaff(who)) return { shop, may: 'all', tokens: [] };
  if (!isSelf(who)) return { shop, may: 'boxes', tokens: [] };
  const { database, clock } = asked.context;
  return {
    ...{ shop, may: 'own', tokens: await tokensOf(asked) },
    isProved: async (token) => {
      const key = await provedKey(shop, asked.device, token);
      return (await database.notes.get(shop.id, key, clock.now())) !== undefined;
    },
  };
}

/** Whose records whoever asks may read. */
export async function readerOf(asked: Asked): Promise<Reader> {
  const { shop, who, context } = asked;
  if (isStaff(who)) return { shop };
  if (!isSelf(who)) return { shop, subjects: [] };
  const tokens = await tokensOf(asked);
  const people = await loadPeople(context.database, shop.id, {
    tokens: tokens.map(({ token }) => token),
  });
  return { shop, subjects: customerBy(people, tokens) ?? [] };
}
