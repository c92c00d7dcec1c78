import { readCursors, writeCursors } from '../profile/cursor-row.js';
import { eraseSubjects, namedBySubjects } from '../profile/erase-customer.js';
import { DATA_VERSION, decodeRow } from '../profile/decode-row.js';
import { isAppendable } from '../profile/import-log.js';
import type { AnyRecord } from '../profile/log-rows.js';
import type { Upcast } from '../profile/log-format.js';
import { loadUpcast, withFormat } from '../profile/migrations.js';
import type { StorageTransaction } from '../profile/port.js';
import { readCard } from '../profile/read-card.js';
import { receiveRecords, replaceRecords } from '../profile/receive.js';
import type { Card } from '../profile/types.js';
import type { SyncHost } from '../sync/host.js';
import type { ErasureClaim, LinkClaim, ReceivedRecord } from '../sync/port.js';
import type { Core, DeviceRow } from './core.js';
import { isDevice } from './device-row.js';
import { countErasure, leaveErased } from './erased-elsewhere.js';
import { hashesForErasures, isMissing, stoneOf } from './erasures.js';
import { tokenOf } from './hold.js';
import { withRoom } from './make-room-here.js';
import { createMarkerStore } from './marker.js';
import { hostSaysYes } from './may-keep.js';
import { takeUp } from './take-up.js';

/** Entries asked about with each pull: those of whoever is here, and in turn of everybody. */
const ASKED = 100;
const CARDS = 50;
/** Cursors of so many customers are kept. */
const CURSORS = 20;
const TEXT_LIMIT = 256;

/** For whom was asked. */
interface Asked {
  readonly customer: string;
  readonly subjects: readonly string[];
}

/** What came, read: of what does not fit nothing is left. */
interface Taken {
  readonly records: readonly AnyRecord[];
  readonly erasures: readonly ErasureClaim[];
}

/** Makes what takes in what a backend sends. */
export function createReceiver(core: Core): Pick<SyncHost, 'question' | 'receive' | 'replace'> {
  const { vault } = core;
  let asked: Asked = { customer: '', subjects: [] };
  let after = '';
  return {
    question: async () => {
      asked = whoIsHere(core);
      const read = await vault.run('readonly', async (tx) => {
        const row = await readCursors(tx);
        return { row, held: await heldAfter(tx, row.after) };
      });
      const mine = new Set([asked.customer, ...asked.subjects]);
      const [, cursor = null] = read.row.cursors.find(([of]) => mine.has(of)) ?? [];
      after = read.held.after;
      return { cursor, subjects: [...new Set([...mine, ...read.held.subjects])].slice(0, ASKED) };
    },
    receive: (received, cursor) => take(core, asked, received, { cursor, after }),
    replace: (received, cursor) =>
      take(core, asked, received, { cursor, after, replaces: asked.subjects }),
  };
}

function whoIsHere({ state }: Core): Asked {
  const { person, card } = state;
  const subjects = [...new Set([person.subject, person.customer, ...(card?.subjects ?? [])])];
  return { customer: person.customer, subjects };
}

/** Some of those who are kept here, beginning after a card; from the start again when that was the last. */
async function heldAfter(
  tx: StorageTransaction,
  after: string,
): Promise<{ readonly subjects: readonly string[]; readonly after: string }> {
  const rows = await tx.list('cards', { after, limit: CARDS });
  const subjects = rows.flatMap(({ key, value }) => {
    const read = decodeRow(value);
    return read.kind === 'ok' ? [key, ...(read.value as Card).subjects] : [key];
  });
  return { subjects, after: rows.length < CARDS ? '' : (rows.at(-1)?.key ?? '') };
}

interface Taking {
  readonly cursor: string | null;
  readonly after: string;
  /** Whose acknowledged records are replaced. */
  readonly replaces?: readonly string[];
}

/** Takes in what came, with the cursor, in one transaction. False when whom it is for is not here any more, or is erased. */
async function take(
  core: Core,
  asked: Asked,
  received: readonly ReceivedRecord[],
  taking: Taking,
): Promise<boolean> {
  const { records, erasures } = await readReceived(core, received);
  const isHere = (): boolean => whoIsHere(core).subjects.includes(asked.customer);
  if (!isHere()) return false;
  const named = erasures.flatMap(({ data }) => data.subjects);
  const gone = named.length > 0 ? await heldAmong(core, named) : [];
  const cards = await write(core, asked, { records, erasures, gone }, taking);
  const isOver = await follow(core, cards, gone);
  return !isOver && isHere();
}

async function write(
  core: Core,
  asked: Asked,
  { records, erasures, gone }: Taken & { readonly gone: readonly string[] },
  { cursor, after, replaces }: Taking,
): Promise<readonly Card[]> {
  const { vault } = core;
  // by who they are: which orders were erased, the backend knows, and that of everybody
  const subjects = records.map(({ subject }) => subject);
  const hashes = await hashesForErasures(vault.device(), subjects);
  const stones = await stonesFor(core, erasures, gone);
  try {
    return await withRoom(core, (check) =>
      withFormat((format) =>
        vault.run(
          'readwrite',
          async (tx) => {
            const env = { ...vault.env(), ...hashes, format };
            const done = replaces
              ? await replaceRecords(tx, replaces, records, { ...env, by: `device:${env.device}` })
              : await receiveRecords(tx, records, env);
            for (const { subjects, stone } of stones) {
              await eraseSubjects(tx, subjects, { ...env, tombstone: stone });
              await countErasure(tx, vault.device(), true);
            }
            if (gone.length > 0) await forgetCurrent(tx, gone);
            await writeCursor(tx, asked, cursor, after);
            if (done.appended.length > 0)
              check(done.bytes, () => JSON.stringify(done.appended).length);
            return done.cards.filter(({ subjects }) => !subjects.some((one) => gone.includes(one)));
          },
          'strict',
        ),
      ),
    );
  } catch (error) {
    // another tab has written meanwhile: what it wrote is named as well
    if (isMissing(error))
      return write(
        core,
        asked,
        { records, erasures, gone },
        { cursor, after, ...(replaces && { replaces }) },
      );
    throw error;
  }
}

async function writeCursor(
  tx: StorageTransaction,
  { customer, subjects }: Asked,
  cursor: string | null,
  after: string,
): Promise<void> {
  const { cursors } = await readCursors(tx);
  const others = cursors.filter(([of]) => of !== customer && !subjects.includes(of));
  const all = cursor === null ? others : [...others, [customer, cursor] as const];
  writeCursors(tx, { cursors: all.slice(-CURSORS), after });
}

/** The device remembers nobody who was erased. */
async function forgetCurrent(tx: StorageTransaction, gone: readonly string[]): Promise<void> {
  const row = (await tx.get('meta', 'device')) as DeviceRow | undefined;
  if (!isDevice(row) || row.current === null) return;
  const { subject, customer } = row.current;
  if (gone.includes(subject) || gone.includes(customer))
    tx.put('meta', 'device', { ...row, current: null });
}

/** Whom of these anything is kept here. */
function heldAmong({ vault }: Core, subjects: readonly string[]): Promise<readonly string[]> {
  return vault.run('readonly', async (tx) => {
    const held: string[] = [];
    for (const subject of new Set(subjects))
      if ((await readCard(tx, subject)).kind !== 'none') held.push(subject);
    return held;
  });
}

/** What each erasure leaves behind: hashes under this device's key of whom it names here, and of their orders. */
async function stonesFor(
  core: Core,
  erasures: readonly ErasureClaim[],
  gone: readonly string[],
): Promise<readonly { readonly subjects: readonly string[]; readonly stone: Stone }[]> {
  const stones: { readonly subjects: readonly string[]; readonly stone: Stone }[] = [];
  for (const { id, by, data } of erasures) {
    const subjects = gone.filter((subject) => data.subjects.includes(subject));
    if (subjects.length === 0) continue;
    const texts = await withFormat((format) =>
      core.vault.run('readonly', (tx) => namedBySubjects(tx, subjects, format)),
    );
    const stone = await stoneOf(core, texts, { id, by, tells: 'nobody' });
    if (stone) stones.push({ subjects, stone });
  }
  return stones;
}

type Stone = NonNullable<Awaited<ReturnType<typeof stoneOf>>>;

/** What is shown follows what was written. True when whoever was here was erased. */
async function follow(
  core: Core,
  cards: readonly Card[],
  gone: readonly string[],
): Promise<boolean> {
  const { state, vault } = core;
  takeUp(core, cards, false);
  const { person } = state;
  if (person.remembered && vault.remembered()?.customer !== person.customer && gone.length === 0)
    await vault.remember({ subject: person.subject, customer: person.customer });
  state.tabs?.tell(gone.length > 0 ? 'person-changed' : 'changed');
  if (gone.length === 0) return false;
  const before = person.customer;
  const remembered = vault.remembered();
  await vault.reread();
  const isLast = remembered !== undefined && vault.remembered() === undefined;
  if (isLast && core.mode === 'storefront' && !hostSaysYes(core)) {
    // nobody is left who has said yes to this device
    createMarkerStore(core.options.shop).erase();
    state.tabs?.tell('forgotten');
  }
  await leaveErased(core, gone);
  return gone.includes(before) || state.person.customer !== before;
}

/** Reads what came: records of this shop that may be appended; links get the token that this device makes. */
async function readReceived(core: Core, received: readonly ReceivedRecord[]): Promise<Taken> {
  const upcast = await loadUpcast();
  const records: AnyRecord[] = [];
  const erasures: ErasureClaim[] = [];
  for (const value of received) {
    if (Object(value) !== value) continue;
    if (value.kind === 'erasure') {
      const erasure = readErasure(value as ErasureClaim);
      if (erasure) erasures.push(erasure);
      continue;
    }
    const record = await readRecord(core, value, upcast);
    if (record) records.push(record);
  }
  return { records, erasures };
}

function readErasure(value: ErasureClaim): ErasureClaim | undefined {
  const { id, by, data } = value as { readonly [key in keyof ErasureClaim]?: unknown };
  const { subjects } = (data ?? {}) as { readonly subjects?: unknown };
  if (typeof id !== 'string' || id === '' || id.length > TEXT_LIMIT || !Array.isArray(subjects))
    return undefined;
  const named = subjects.filter((one): one is string => typeof one === 'string' && one !== '');
  return {
    ...value,
    by: typeof by === 'string' ? by : 'sync',
    data: { ...value.data, subjects: named },
  };
}

async function readRecord(
  core: Core,
  value: Exclude<ReceivedRecord, ErasureClaim>,
  upcast: Upcast,
): Promise<AnyRecord | undefined> {
  const { identifier } = (Object(value.data) as Partial<LinkClaim['data']>) ?? {};
  const isClaim = value.kind === 'link' && identifier !== undefined;
  const given = isClaim ? await withOwnToken(core, value as LinkClaim) : value;
  const record = given === undefined ? undefined : upcast(given, DATA_VERSION);
  if (record?.shop !== core.options.shop || !isAppendable(record, core.clock.now()))
    return undefined;
  // a device's own bases are of no use to another
  return record.kind === 'base' && record.by.startsWith('device:') ? undefined : record;
}

/** A link that came with what identifies; what is sealed to a backend this device cannot open. */
async function withOwnToken(core: Core, claim: LinkClaim): Promise<unknown> {
  const { identifier, ...data } = claim.data;
  const { account } = Object(identifier) as { readonly account?: unknown };
  const { type } = data as { readonly type?: unknown };
  if (typeof account !== 'string' || account === '' || account.length > TEXT_LIMIT)
    return undefined;
  if (typeof type !== 'string' || !/^(account(:|$)|merge$)/.test(type)) return undefined;
  const token = await tokenOf(core.vault, {
    ...{ type, value: account, matchKey: account, converted: false },
  });
  return { ...claim, data: { ...data, token } };
}
