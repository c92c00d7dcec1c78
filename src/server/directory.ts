import type { DirectoryEntry, DirectoryKeys, DirectoryPage } from '../identity/port.js';
import { cardOf } from '../profile/card-of.js';
import { emptyState } from '../profile/fold-records.js';
import { isPersonal } from '../profile/link-limits.js';
import { isStaff, type Asked } from './context.js';
import { readCursor, writeCursor } from './cursor.js';
import { countOne } from './limits.js';
import { viewFor } from './look-up.js';
import { groupsBy, loadPeople, SUBJECTS_MAX, type People } from './people.js';
import type { NumberedRecord } from './port.js';
import { statesOf } from './read-people.js';
import { reveal, type ServerLinkData } from './secret-notes.js';
import { no, readJson, yes, type Answer } from './wire.js';

const BODY_BYTES = 8_192;
const DAY_MS = 86_400_000;
/** Directories that one till, or one of the staff, may begin in ten minutes. */
const TIMES = 20;
/** How much of the log is looked through for one page, and how many customers it may be of. */
const SCANNED = 5_000;
const LISTED = 500;
const CUSTOMERS = 200;
/** Names what only who allowed it is in the directory for. */
const ALLOWED = '"greet-by-number"';

/**
 * `POST directory`: for a till, page by page, the customers who allowed a claim to be told something, with just that. To the staff only, and
 * to no device that was revoked: a kiosk holds no directory. The page that begins gives the keys, which are for the till's memory.
 */
export async function giveDirectory(asked: Asked): Promise<Answer> {
  const { context, shop, who, device, request } = asked;
  if (!isStaff(who)) return no('scope');
  const read = await readJson(request, BODY_BYTES);
  if ('problem' in read) return read;
  const { page = null, was } = read.value;
  if ((page !== null && typeof page !== 'string') || !['string', 'undefined'].includes(typeof was))
    return no('invalid', { title: 'page is a text, or null; was is a text.' });
  if (await isRevoked(asked)) return no('auth', { title: 'This device was revoked.' });
  if (page === null) {
    const retryAfterMs = await countOne(context, shop, ['directory', device], TIMES);
    if (retryAfterMs > 0) return no('rate', { retryAfterMs });
  }
  const { database, clock } = context;
  const { epoch } = await database.head(shop.id);
  const cursor = page === null ? undefined : await readCursor(shop, '!page', page);
  if (page !== null && (cursor?.scope !== SCOPE || cursor.epoch !== epoch)) return no('resync');
  const found = await scan(asked, cursor?.after ?? []);
  const next = { epoch, scope: SCOPE, after: found.after, whole: false };
  const given: DirectoryPage = {
    entries: await entriesOf(asked, [...found.subjects]),
    page: found.isLast ? null : await writeCursor(shop, '!page', next),
    serverTime: clock.now(),
    ...(page === null && { keys: await keysOf(asked, was as string | undefined) }),
  };
  return yes(given);
}

const SCOPE = 'directory';

/** True for a till that somebody stole: whoever signs in there may be of the staff all the same. */
async function isRevoked({ context, shop, who }: Asked): Promise<boolean> {
  if (who.device === undefined) return false;
  const devices = await context.database.devices.list(shop.id);
  return devices.some(({ id, revoked }) => id === who.device && revoked === true);
}

/** Keys for one till: each day another, so that what has expired is opened by nobody. */
async function keysOf({ context, shop, device }: Asked, was?: string): Promise<DirectoryKeys> {
  const day = Math.floor(context.clock.now() / DAY_MS);
  const sealOf = (id: string): Promise<string> =>
    shop.mac('!directory', JSON.stringify(['seal', device, id]));
  const id = String(day);
  const isKept = was === id || was === String(day - 1);
  return {
    ...{ id, seal: await sealOf(id), digest: await shop.mac('!directory', 'digest') },
    ...(isKept && { was: await sealOf(was) }),
  };
}

/** Subjects of whom something in this part of the log speaks of being told. */
async function scan(
  { context, shop }: Asked,
  from: readonly number[],
): Promise<{
  readonly subjects: ReadonlySet<string>;
  readonly after: readonly number[];
  readonly isLast: boolean;
}> {
  const after = [...from];
  const subjects = new Set<string>();
  for (let scanned = 0; scanned < SCANNED && subjects.size < CUSTOMERS;) {
    const rows: readonly NumberedRecord[] = await context.database.list(shop.id, {
      after,
      limit: LISTED,
    });
    for (const { lane, seq, body, subject } of rows) {
      while (after.length <= lane) after.push(0);
      after[lane] = seq;
      if (body.includes(ALLOWED)) subjects.add(subject);
    }
    if (rows.length < LISTED) return { subjects, after, isLast: true };
    scanned += rows.length;
  }
  return { subjects, after, isLast: false };
}

/** The customers of these, as a look-up would tell of them: what identifies nobody or several is left out. */
async function entriesOf(
  asked: Asked,
  subjects: readonly string[],
): Promise<readonly DirectoryEntry[]> {
  const { context, shop } = asked;
  const { database } = context;
  const people = await loadPeople(database, shop.id, { subjects });
  // together they lead to more than is looked through at once: to each by itself
  if (people.states.size >= SUBJECTS_MAX && subjects.length > 1) {
    const parts: (readonly DirectoryEntry[])[] = [];
    for (const one of subjects) parts.push(await entriesOf(asked, [one]));
    return parts.flat();
  }
  const named = new Set(subjects);
  const found = people.groups.flatMap((group) => {
    const hidden = group.some((one) => named.has(one)) ? hiddenOf(people, group) : [];
    return hidden.length > 0 ? [{ group, hidden }] : [];
  });
  const all = found.flatMap(({ group }) => group);
  const states = await statesOf(database, shop.id, all);
  const entries: DirectoryEntry[] = [];
  for (const { group, hidden } of found) {
    const own = group.map((one) => [one, states.get(one) ?? emptyState] as const);
    const view = viewFor(asked, cardOf({ states: new Map(own), held: people.held }));
    // groups are sorted
    const of = view && (await shop.mac('!directory', `of ${group[0] ?? ''}`)).slice(0, 22);
    if (!view || of === undefined) continue;
    const told = await Promise.all(hidden.map((one) => reveal(shop, one)));
    const tokens = told.filter((token): token is string => typeof token === 'string');
    entries.push({ of, tokens: [...new Set(tokens)], view });
  }
  return entries;
}

/** What leads to these and to nobody else, as their links keep it for directories. */
function hiddenOf(people: People, group: readonly string[]): readonly string[] {
  return people.links.flatMap(({ record, subject, data }) => {
    const { far, token, type, unproved } = data as ServerLinkData;
    const leads = group.includes(subject) && unproved !== true && !people.held.has(record);
    return far !== undefined && leads && isPersonal(type) && groupsBy(people, token).length === 1
      ? [far]
      : [];
  });
}
