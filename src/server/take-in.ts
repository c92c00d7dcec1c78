import type { Clock } from '../kernel/clock.js';
import { nextStamp } from '../kernel/stamp.js';
import { isPersonal, limitOf } from '../profile/link-limits.js';
import type { TokenOf } from '../profile/owners.js';
import type { LinkData, ProfileRecord, RecordOf, UnknownRecord } from '../profile/types.js';
import type { LinkClaim, PushResult, SyncCode } from '../sync/port.js';
import { customerBy, claimToken, isFree, loadPeople, type People } from './people.js';
import type { AppendStatus, Database, Erasing, StoredRecord } from './port.js';
import { readSent, sentId, type Sent } from './read-sent.js';
import { erasingOf, hashOf, storedOf } from './stored.js';
import { hide, hideFar, type ServerLinkData } from './secret-notes.js';
import type { ShopHere } from './shop-keys.js';

/** Who writes, and what they may. */
export interface Writer {
  readonly shop: ShopHere;
  /** `boxes`: nothing but boxes is taken. */
  readonly may: 'all' | 'own' | 'boxes';
  /** Tokens of what was checked of them, the one that leads first. */
  readonly tokens: readonly TokenOf[];
  /** Whether a token was proved to this server a short while ago, by whoever writes. */
  readonly isProved?: (token: string) => Promise<boolean>;
}

/** What writing takes. */
export interface TakeInEnv {
  readonly database: Database;
  readonly clock: Clock;
  readonly recordLength: number;
}

/** What came of a push: one result for each record, and whom there is something new for. */
export interface TakenIn {
  readonly results: readonly PushResult[];
  readonly subjects: readonly string[];
}

/** Kinds that only somebody of the staff writes. */
const OF_STAFF: ReadonlySet<string> = new Set(['access', 'attestation']);
/** Of so many entries that nobody knows yet one push may speak. */
const NEW_SUBJECTS = 50;

/** What is to be appended for one record that was sent. */
interface Planned {
  readonly stored: readonly StoredRecord[];
  readonly erasing?: Erasing;
}

/** Takes in what a device has sent: checks each record by itself, so that a bad one holds up no other. */
export async function takeIn(
  sent: readonly unknown[],
  writer: Writer,
  env: TakeInEnv,
): Promise<TakenIn> {
  const now = env.clock.now();
  const read = await Promise.all(
    sent.map((value) =>
      readSent(value, { shop: writer.shop, now, recordLength: env.recordLength }),
    ),
  );
  const people = await peopleOf(read, writer, env);
  const taking: Taking = { writer, env, now, people, hashes: new Map(), read };
  const may = await createMay(taking);
  // all at once: a hash that is waited for by itself takes longer to come back than to make
  const planned = await Promise.all(read.map((one) => plan(one, may, taking)));
  const statuses = await append(planned, taking);
  const results = read.map((_, i) => ({
    id: sentId(sent[i]) ?? '',
    ...resultOf(planned[i], statuses[i]),
  }));
  const news = planned.flatMap((one, i) =>
    typeof one === 'object' && results[i]?.status === 'accepted'
      ? [...one.stored.map(({ subject }) => subject), ...(one.erasing?.subjects ?? [])]
      : [],
  );
  // those whom a new entry is joined to listen under the entries that they have had
  const own = news.length > 0 ? (customerBy(people, writer.tokens) ?? []) : [];
  return { results, subjects: [...new Set([...own, ...news])] };
}

interface Taking {
  readonly writer: Writer;
  readonly env: TakeInEnv;
  readonly now: number;
  readonly people: People;
  /** What has been hashed: one subject comes again and again. */
  readonly hashes: Map<string, Promise<string>>;
  readonly read: readonly Sent[];
}

/** Everybody whom this push may be about. */
async function peopleOf(
  read: readonly Sent[],
  { shop, may, tokens }: Writer,
  { database }: TakeInEnv,
): Promise<People> {
  if (may === 'boxes') return loadPeople(database, shop.id, {});
  // an erasure takes everybody with it who is one with whom it names
  const subjects = read.flatMap((one) => (one.kind === 'erasure' ? one.claim.data.subjects : []));
  return loadPeople(database, shop.id, { tokens: tokens.map(({ token }) => token), subjects });
}

const hasToken = (all: readonly TokenOf[], token: string): boolean =>
  all.some((one) => one.token === token);

/** Whether this writer may write under a subject: `erased` where that was forgotten. */
type May = (subject: string) => 'yes' | 'erased' | 'scope';

async function createMay({ writer, env, people, hashes, read }: Taking): Promise<May> {
  if (writer.may === 'all') return () => 'yes';
  if (writer.may === 'boxes') return () => 'scope';
  const { shop, tokens } = writer;
  const own = new Set(customerBy(people, tokens) ?? []);
  const others = [...new Set(read.flatMap(subjectsOf))].filter((subject) => !own.has(subject));
  const hashed = new Map<string, string>();
  for (const subject of others) hashed.set(await hashOf(shop, subject, hashes), subject);
  const gone = new Set<string>();
  for (const hash of await env.database.erased(shop.id, [...hashed.keys()]))
    gone.add(hashed.get(hash) ?? '');
  // an entry that nobody else has, and that says whose it is
  const claimed = new Set<string>();
  for (const one of read)
    if (one.kind === 'claim' && hasToken(tokens, await shop.token(one.identifier)))
      claimed.add(one.claim.subject);
  const erasable = new Set(
    read.flatMap((one) => (one.kind === 'erasure' ? one.claim.data.subjects : [])),
  );
  const fresh = others
    .slice(0, NEW_SUBJECTS)
    .filter((one) => !gone.has(one) && (claimed.has(one) || erasable.has(one)));
  const theirs = await loadPeople(env.database, shop.id, { subjects: fresh });
  for (const subject of fresh) if (isFree(theirs, subject)) own.add(subject);
  return (subject) => (own.has(subject) ? 'yes' : gone.has(subject) ? 'erased' : 'scope');
}

function subjectsOf(sent: Sent): readonly string[] {
  switch (sent.kind) {
    case 'record':
      return [sent.record.subject];
    case 'claim':
    case 'merge':
      return [sent.claim.subject];
    case 'erasure':
      return sent.claim.data.subjects;
    default:
      return [];
  }
}

async function plan(sent: Sent, may: May, taking: Taking): Promise<Planned | SyncCode | 'erased'> {
  if (sent.kind === 'rejected') return sent.code;
  if (sent.kind === 'box') return planBox(sent, taking);
  const answers = subjectsOf(sent).map(may);
  if (answers.includes('scope')) return 'scope';
  if (sent.kind === 'erasure') return { stored: [], erasing: await planErasure(sent, taking) };
  // one that was bought is refused by the database, which notes its ids
  if (answers.includes('erased'))
    return sent.kind === 'record' ? { stored: [await store(sent.record, taking)] } : 'erased';
  const isStaff = taking.writer.may === 'all';
  const { by, kind } = sent.kind === 'record' ? sent.record : sent.claim;
  if (!isStaff && (OF_STAFF.has(kind) || sent.kind === 'merge' || !by.startsWith('device:')))
    return 'scope';
  if (sent.kind === 'record') return { stored: [await store(sent.record, taking)] };
  const token =
    sent.kind === 'merge' ? sent.token : await taking.writer.shop.token(sent.identifier);
  const { tokens, isProved: wasProved } = taking.writer;
  const isProved = isStaff || hasToken(tokens, token) || (await wasProved?.(token)) === true;
  const { value, type } = sent.kind === 'claim' ? sent.identifier : { value: '', type: '' };
  const account = isProved && type === 'account' ? value : undefined;
  const isKept = sent.kind === 'claim' && isProved && isPersonal(type);
  const far = isKept ? await hideFar(taking.writer.shop, sent.identifier) : undefined;
  const link = await ownLink(sent.claim, token, isProved, taking, { account, far });
  const proved = isProved && sent.kind === 'claim' ? await provedLinks(link, taking) : [];
  return { stored: [await store(link, taking), ...proved] };
}

/**
 * The server's own link in the place of a device's claim. What the host has not checked of whoever sends it joins nobody: who types a
 * stranger's number gets nothing of the stranger's.
 */
async function ownLink(
  { data: { identifier: _, ...data }, ...claim }: LinkClaim,
  token: string,
  isProved: boolean,
  { writer }: Taking,
  { account, far }: { readonly account: string | undefined; readonly far: string | undefined },
): Promise<RecordOf<'link'>> {
  const level = isProved || data.level !== 'verified' ? data.level : 'claimed';
  const link: ServerLinkData = {
    ...data,
    ...{ token, level, same: claim.id },
    // a device and a visitor's id join nobody in any case
    ...(!isProved && isPersonal(data.type) && { unproved: true }),
    ...(account !== undefined && { hidden: await hide(writer.shop, account) }),
    ...(far !== undefined && { far }),
  };
  return { ...claim, id: await writer.shop.idOf('!link', `${claim.id} ${token}`), data: link };
}

/**
 * What was bought under an identifier while nobody had proved it is the customer's to see once it is proved. Of a value that others have
 * too nobody knows whose it was.
 */
async function provedLinks(
  { subject, data, stamp }: RecordOf<'link'>,
  taking: Taking,
): Promise<readonly StoredRecord[]> {
  const { env, writer, people, now } = taking;
  const { token, type } = data;
  if (data.level !== 'verified' || limitOf(type).perValue === Infinity) return [];
  const led = await env.database.subjectsOf(writer.shop.id, [token, claimToken(token)]);
  const mine = new Set([subject, ...(customerBy(people, writer.tokens) ?? [])]);
  if (led.get(token)?.some((owner) => !mine.has(owner))) return [];
  const links = (led.get(claimToken(token)) ?? [])
    .filter((claim) => !mine.has(claim))
    .map(async (claim) => {
      const id = await writer.shop.idOf('!link', `proved ${claim} ${token}`);
      const own = { type, token, level: 'claimed', method: 'proved', at: now } as const;
      const by = 'server';
      return store(
        { id, shop: writer.shop.id, subject: claim, kind: 'link', stamp, by, data: own },
        taking,
      );
    });
  return Promise.all(links);
}

/** What is in a box is a claim, whoever made it. Its clock may be any kiosk's: it is stamped here. */
async function planBox(
  { records, identifiers }: Extract<Sent, { readonly kind: 'box' }>,
  taking: Taking,
): Promise<Planned | SyncCode> {
  const { writer, now } = taking;
  const stored: StoredRecord[] = [];
  for (const given of [...records].sort((a, b) => (a.stamp < b.stamp ? -1 : 1))) {
    const isAhead = given.stamp > nextStamp(undefined, now, '');
    const record = isAhead ? { ...given, stamp: nextStamp(undefined, now, '0'.repeat(8)) } : given;
    if (record.kind !== 'link') {
      stored.push(await store(record, taking));
      continue;
    }
    const identifier = identifiers.get(record.data.token);
    if (!identifier || identifier.type !== record.data.type) continue;
    const token = await writer.shop.token(identifier);
    const data: LinkData = { ...record.data, token, level: 'claimed', unproved: true };
    const id = await writer.shop.idOf('!link', `${record.id} ${token}`);
    stored.push(await store({ ...record, id, data }, taking));
  }
  return stored.length > 0 ? { stored } : 'invalid';
}

/** Everybody goes who is one with whom it names, as the links tell it here. */
async function planErasure(
  { claim }: Extract<Sent, { readonly kind: 'erasure' }>,
  { writer, people, hashes }: Taking,
): Promise<Erasing> {
  const named = new Set(claim.data.subjects);
  const groups = people.groups.filter((group) => group.some((subject) => named.has(subject)));
  const subjects = [...new Set([...named, ...groups.flat()])];
  return erasingOf(writer.shop, { id: claim.id, subjects }, hashes);
}

/** A record as a database keeps it. */
function store(
  record: ProfileRecord | UnknownRecord,
  { writer, hashes }: Pick<Taking, 'writer' | 'hashes'>,
): Promise<StoredRecord> {
  return storedOf(record, writer.shop, hashes);
}

/** Appends it all at once. Gives, for each record that was sent, what became of each that it came to. */
async function append(
  planned: readonly (Planned | SyncCode | 'erased')[],
  { env, writer }: Taking,
): Promise<readonly (readonly AppendStatus[])[]> {
  const plans = planned.map((one) => (typeof one === 'object' ? one : { stored: [] }));
  const records = plans.flatMap(({ stored }) => stored);
  const erasing = plans.flatMap((one) => ('erasing' in one && one.erasing ? [one.erasing] : []));
  if (records.length + erasing.length === 0) return plans.map(() => []);
  const statuses = await env.database.append(writer.shop.id, { records, erasing });
  let from = 0;
  return plans.map(({ stored }) => statuses.slice(from, (from += stored.length)));
}

function resultOf(
  planned: Planned | SyncCode | 'erased' | undefined,
  statuses: readonly AppendStatus[] = [],
): Pick<PushResult, 'status' | 'code'> {
  if (planned === undefined) return { status: 'rejected', code: 'invalid' };
  if (planned === 'erased') return { status: 'erased' };
  if (typeof planned === 'string') return { status: 'rejected', code: planned };
  if (planned.erasing || statuses.includes('accepted')) return { status: 'accepted' };
  return { status: statuses.includes('erased') ? 'erased' : 'duplicate' };
}
