import { isLocked } from '../profile/export-log.js';
import { decodeRow } from '../profile/decode-row.js';
import type { ProfileStorage, StorageRow, StoreName } from '../profile/port.js';
import type { Core, State } from './core.js';
import type { MarkerStore } from './marker.js';
import { openInTurn } from './open-in-turn.js';
import { SEALED_PREFIX } from './sealed-rows.js';
import { lineOf } from './sync-line.js';
import type { Audit, AuditEntry, SetAside } from './types.js';

// Named here for the reason given in acts.ts.
/** @public */
export { createClient } from './create-client.js';
/** @public */
export { money } from '../kernel/money.js';

type Of = AuditEntry['of'];
type Found = Omit<AuditEntry, 'rows' | 'bytes'>;
type Reading = Pick<ProfileStorage, 'transact'>;

/** What is found on the way. */
interface Tally {
  readonly entries: Map<string, AuditEntry>;
  readonly setAside: SetAside[];
  readonly foreign: { -readonly [place in keyof Audit['foreign']]: number };
}

const STORES: readonly StoreName[] = ['cards', 'tokens', 'records', 'outbox', 'meta'];
const PAGE = 500;
/** Ours begin with this; whatever else a browser holds is counted, and not looked into. */
const OURS = 'regulars';
/** What the client needs to work, and says nothing of anybody. */
const WORKING: ReadonlySet<string> = new Set<keyof State>([
  ...(['status', 'engine', 'suggest', 'sync', 'explain', 'sealing', 'modelState', 'tabs'] as const),
  ...(['speech', 'usualToday'] as const),
  ...([
    'locale',
    'currency',
    'timeZone',
    'place',
    'channel',
    'comesBack',
    'endsAt',
    'idle',
  ] as const),
]);

/** Counts every byte that is held here. Reads only; of what others put into this browser it takes the number. */
export async function auditHere(core: Core, markers: MarkerStore): Promise<Audit> {
  const tally: Tally = {
    entries: new Map(),
    setAside: [],
    foreign: { localStorage: 0, sessionStorage: 0, cookies: 0, caches: 0 },
  };
  const complete = await countStorage(core, tally);
  const held = await core.vault.held();
  await held.open({ name: core.options.shop });
  await countStores(tally, 'memory', held);
  countWeb(core, tally, markers);
  await countCaches(tally);
  countPage(core, tally);

  const entries = [...tally.entries.values()];
  const sumOf = (of: Of): number =>
    entries.reduce((sum, entry) => sum + (entry.of === of ? entry.bytes : 0), 0);
  return {
    at: core.clock.now(),
    entries,
    bytes: { customer: sumOf('customer'), shop: sumOf('shop'), device: sumOf('device') },
    setAside: tally.setAside,
    foreign: tally.foreign,
    complete,
  };
}

function add({ entries }: Tally, found: Found, bytes: number, rows = 1): void {
  const key = [found.place, found.store, found.what, found.of].join();
  const before = entries.get(key) ?? { ...found, rows: 0, bytes: 0 };
  entries.set(key, { ...before, rows: before.rows + rows, bytes: before.bytes + bytes });
}

/** False where it could not be read, or nobody has agreed that it is. */
async function countStorage(core: Core, tally: Tally): Promise<boolean> {
  const { options, vault, mode } = core;
  const { storage, shop } = options;
  if (!storage) return true;
  const place = storage.name === 'memory' ? 'memory' : 'storage';
  try {
    if (vault.keeps() || vault.status().readOnly) await countStores(tally, place, storage);
    else if (mode === 'kiosk') {
      // its storage is open for a moment at a time, for the boxes that wait
      const reading: Reading = {
        transact: (how, body) => openInTurn(storage, shop, how, body),
      };
      await countStores(tally, place, reading);
    } else return !(await isThere(core, storage));
    return true;
  } catch (error) {
    core.report(error);
    return false;
  }
}

/** Asked without opening: that would make what is not there. */
async function isThere({ options }: Core, storage: ProfileStorage): Promise<boolean> {
  if (storage.name === 'memory') return false;
  const databases = await globalThis.indexedDB?.databases?.();
  return databases?.some(({ name }) => name === `${OURS}:${options.shop}`) ?? true;
}

async function countStores(
  tally: Tally,
  place: 'memory' | 'storage',
  storage: Reading,
): Promise<void> {
  for (const store of STORES)
    for (let after: string | undefined = ''; after !== undefined;) {
      const range: { readonly after: string; readonly limit: number } = { after, limit: PAGE };
      const page = await storage.transact('readonly', (tx) => tx.list(store, range));
      for (const row of page) countRow(tally, place, store, row);
      after = page.length < PAGE ? undefined : page.at(-1)?.key;
    }
}

function countRow(
  tally: Tally,
  place: 'memory' | 'storage',
  store: StoreName,
  row: StorageRow,
): void {
  const { key, value } = row;
  const text = textOf(value);
  add(tally, { place, store, ...kindOf(store, row) }, lengthOf(key) + lengthOf(text));
  const why = whyAside(store, value);
  if (why !== undefined) tally.setAside.push({ store, key, why, text });
}

function whyAside(store: StoreName, value: unknown): SetAside['why'] | undefined {
  if (isLocked(value)) return 'encrypted';
  if (store !== 'records' && store !== 'cards') return undefined;
  const { kind } = decodeRow(value);
  return kind === 'corrupt' ? 'damaged' : kind === 'newer' ? kind : undefined;
}

function kindOf(store: StoreName, { key, value }: StorageRow): { what: string; of: Of } {
  const { current } = (value ?? {}) as { readonly current?: unknown };
  switch (store) {
    case 'cards':
      return { what: 'card', of: 'customer' };
    case 'tokens':
      // keyed hashes that keep what was erased from coming back
      if (key.startsWith('e:')) return { what: 'erased', of: 'device' };
      return { what: key.startsWith('s:') ? 'merged' : 'identifier', of: 'customer' };
    case 'records':
      return { what: kindOfRecord(value), of: 'customer' };
    case 'outbox':
      return key.startsWith(SEALED_PREFIX)
        ? { what: 'sealed', of: 'shop' }
        : { what: 'waiting', of: 'customer' };
    case 'meta': {
      if (key.startsWith('file:')) return { what: key, of: 'shop' };
      // cursors stand by customer
      const personal = key === 'people' || key === 'sync' || (key === 'device' && Boolean(current));
      return { what: key, of: personal ? 'customer' : 'device' };
    }
  }
}

function kindOfRecord(value: unknown): string {
  const decoded = isLocked(value) ? undefined : decodeRow(value);
  const { kind } = (decoded && 'value' in decoded ? decoded.value : {}) as {
    readonly kind?: unknown;
  };
  return typeof kind === 'string' ? kind : 'unreadable';
}

/** Whatever throws where storage is blocked holds nothing. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

function countWeb(core: Core, tally: Tally, markers: MarkerStore): void {
  const mine = `${OURS}:${core.options.shop}`;
  for (const place of ['localStorage', 'sessionStorage'] as const) {
    const storage = attempt(() => globalThis[place]);
    for (let i = 0; i < (storage?.length ?? 0); i++) {
      const what = storage?.key(i) ?? '';
      if (what !== mine && !what.startsWith(`${mine}:`)) tally.foreign[place]++;
      else {
        const names = what === mine && markers.read()?.card !== null;
        const of = names ? 'customer' : 'device';
        add(tally, { place, what, of }, lengthOf(what) + lengthOf(storage?.getItem(what) ?? ''));
      }
    }
  }
  const cookies = attempt(() => globalThis.document?.cookie) ?? '';
  for (const cookie of cookies.split('; ').filter((text) => text !== '')) {
    const what = cookie.split('=', 1)[0] ?? '';
    if (!what.startsWith(OURS)) tally.foreign.cookies++;
    else add(tally, { place: 'cookies', what, of: 'device' }, lengthOf(cookie));
  }
}

async function countCaches(tally: Tally): Promise<void> {
  // only secure contexts have them, and a sandboxed frame refuses
  const names = await attempt(() => globalThis.caches?.keys())?.catch(() => []);
  for (const what of names ?? []) {
    if (!what.startsWith(OURS)) {
      tally.foreign.caches++;
      continue;
    }
    const cache = await globalThis.caches.open(what);
    for (const request of await cache.keys()) {
      const body = await (await cache.match(request))?.arrayBuffer();
      add(tally, { place: 'caches', what, of: 'shop' }, body?.byteLength ?? 0);
    }
  }
}

/** What the page's memory holds: the state that everything shown is made of. */
function countPage(core: Core, tally: Tally): void {
  const { state, vault, snapshot } = core;
  const { person, card } = state;
  const known = card ?? person.proof ?? (person.remembered || person.claims.length > 0);
  const somebody: Of = known ? 'customer' : 'device';
  const { customer, greeting, usual } = snapshot();
  const held = {
    ...state,
    identifiers: vault.identifiers,
    proved: lineOf(core).identifiers,
    snapshot: { customer, greeting, usual },
  };
  for (const [what, value] of Object.entries(held)) {
    if (WORKING.has(what) || isEmpty(value)) continue;
    // nobody has an id too, and words; payments of visits that are over may still be answered, by token
    const of: Of = NOBODYS.has(what) ? somebody : what === 'visits' ? 'device' : 'customer';
    add(tally, { place: 'page', what, of }, lengthOf(textOf(value)), sizeOf(value));
  }
}

/** Also there when nobody is known. */
const NOBODYS: ReadonlySet<string> = new Set(['person', 'snapshot', 'whys']);

const sizeOf = (value: unknown): number =>
  value instanceof Map || value instanceof Set
    ? value.size
    : Array.isArray(value)
      ? value.length
      : 1;

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === false || sizeOf(value) === 0;

const lengthOf = (text: string): number => new TextEncoder().encode(text).length;

function textOf(value: unknown): string {
  const plain = (_key: string, part: unknown): unknown =>
    part instanceof Map || part instanceof Set
      ? [...part]
      : ArrayBuffer.isView(part)
        ? [...new Uint8Array(part.buffer, part.byteOffset, part.byteLength)]
        : part;
  return attempt(() => JSON.stringify(value, plain)) ?? '';
}
