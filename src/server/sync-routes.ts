import { DATA_VERSION } from '../profile/decode-row.js';
import type { PushBatch } from '../sync/port.js';
import { isGone, isSelf, isStaff, readerOf, writerOf, type Asked } from './context.js';
import { noteDevice } from './devices.js';
import {
  givePull,
  giveSnapshot,
  type Given,
  type GiveQuery,
  type Reader,
  type Resync,
} from './give-out.js';
import { poke, waitForPoke } from './poke.js';
import { takeIn } from './take-in.js';
import { no, readJson, yes, type Answer } from './wire.js';

const LIMIT = 500;
const LIMIT_MAX = 1_000;
/** Of so many entries a device may ask at once whether they were forgotten. */
const HELD_MAX = 2_000;
/** A long poll lasts no longer: proxies cut what does. */
const WAIT_MAX_MS = 25_000;

/** `POST push` */
export async function push(asked: Asked): Promise<Answer> {
  const { context, request } = asked;
  const { limits, clock, database } = context;
  const read = await readJson(request, limits.pushBytes);
  if ('problem' in read) return read;
  const { records, schema, device } = read.value as Partial<Record<keyof PushBatch, unknown>>;
  if (!Array.isArray(records)) return no('invalid', { title: 'A push has a list of records.' });
  if (records.length > limits.pushRecords) return no('too-large');
  // its data would lose what this version does not know of it
  if (typeof schema === 'number' && schema > DATA_VERSION)
    return no('unavailable', { title: 'This server is older than the data; bring it up to date.' });
  const env = { database, clock, recordLength: limits.recordLength };
  const writer = await writerOf(asked);
  const { results, subjects } = await takeIn(records, writer, env);
  await poke(asked, subjects);
  await noteDevice(asked, device);
  return yes({ results, serverTime: clock.now() });
}

/** `GET pull` and `POST pull` */
export async function pull(asked: Asked): Promise<Answer> {
  const query = await readQuery(asked, 'cursor');
  if ('problem' in query) return query;
  const { context } = asked;
  const reader = await readerOf(asked);
  const give = (of: Reader): Promise<Given | Resync> => givePull(of, query, context.database);
  let given = await give(reader);
  const waits = query.waitMs > 0 && (isSelf(asked.who) || isStaff(asked.who));
  if (waits && isEmpty(given)) {
    await waitForPoke(asked, reader, query.waitMs, async () => !isEmpty(await give(reader)));
    // who this customer is may have changed with what came
    if (!isGone(asked)) given = await give(await readerOf(asked));
  }
  if ('resync' in given) return resynced(given);
  const { records, cursor, more, mark } = given;
  const json = `{"records":[${records.join(',')}],"cursor":${JSON.stringify(cursor)},"more":${String(more)},"serverTime":${context.clock.now()}}`;
  return { json, ...(mark !== '' && { etag: `"${mark}"` }) };
}

/** `GET snapshot` and `POST snapshot` */
export async function snapshot(asked: Asked): Promise<Answer> {
  const query = await readQuery(asked, 'page');
  if ('problem' in query) return query;
  const given = await giveSnapshot(await readerOf(asked), query, asked.context.database);
  if ('resync' in given) return resynced(given);
  const { records, page, cursor } = given;
  const json = `{"records":[${records.join(',')}],"page":${JSON.stringify(page)},"cursor":${JSON.stringify(cursor)}}`;
  return { json };
}

const isEmpty = (given: Given | Resync): boolean => 'mark' in given && given.mark !== '';

const resynced = ({ resync }: Resync): Answer => no('resync', { more: { resync } });

type Query = GiveQuery & { readonly waitMs: number };

/** What is asked for: in the address, or in the body where the address would be too long. */
async function readQuery(
  { request, url, context }: Asked,
  from: 'cursor' | 'page',
): Promise<Query | Extract<Answer, { readonly problem: unknown }>> {
  let given: { readonly [member: string]: unknown };
  if (request.method === 'POST') {
    const read = await readJson(request, context.limits.pushBytes);
    if ('problem' in read) return read;
    given = read.value;
  } else {
    const subjects = url.searchParams.get('subjects') ?? '';
    given = {
      ...Object.fromEntries(url.searchParams),
      subjects: subjects === '' ? [] : subjects.split(','),
    };
  }
  const problem = (title: string): Extract<Answer, { readonly problem: unknown }> => ({
    problem: { code: 'invalid', title },
  });
  const at = given[from] ?? null;
  if (at !== null && typeof at !== 'string') return problem(`${from} is a text, or null.`);
  const subjects = given['subjects'] ?? [];
  if (!Array.isArray(subjects) || !subjects.every((one) => typeof one === 'string'))
    return problem('subjects is a list of texts.');
  if (subjects.length > HELD_MAX) return { problem: { code: 'too-large' } };
  const limit = numberOf(given['limit'], LIMIT);
  const wait = numberOf(given['wait'], 0);
  if (limit === undefined || wait === undefined) return problem('limit and wait are numbers.');
  return {
    from: at === '' ? null : at,
    limit: Math.max(1, Math.min(LIMIT_MAX, limit)),
    held: (subjects as readonly string[]).filter((one) => one.length <= 256),
    now: context.clock.now(),
    waitMs: Math.min(WAIT_MAX_MS, wait * 1_000),
  };
}

function numberOf(given: unknown, otherwise: number): number | undefined {
  if (given === undefined || given === null) return otherwise;
  const number = typeof given === 'string' && given !== '' ? Number(given) : given;
  return typeof number === 'number' && number >= 0 && Number.isSafeInteger(number)
    ? number
    : undefined;
}
