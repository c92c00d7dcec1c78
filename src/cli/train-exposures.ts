import type {
  OfferedCounts,
  TrainingCustomer,
  TrainingExposure,
} from '../model/training-customers.js';
import { exposureKey, isKnownRecord } from '../profile/fold-records.js';
import { readLines } from '../profile/read-lines.js';
import { parseRecord } from '../profile/schema.js';
import type { DismissalData, ProfileRecord } from '../profile/types.js';
import { VISIT_MS } from '../profile/visit-hours.js';
import { createBar } from './bar.js';
import type { Io } from './io.js';
import { openSource, unpacked } from './source.js';
import { timeToMs } from './train-time.js';

/** What was said of what was offered to one customer. */
interface Told {
  /** One a visit and writer: the newest of each. */
  readonly shown: Map<string, { readonly stamp: string; readonly offered: TrainingExposure }>;
  readonly dismissed: DismissalData[];
}

/** Customers with what was offered to them, and how much of the file was theirs. */
export interface WithExposures {
  readonly customers: readonly TrainingCustomer[];
  /** Lists of offers that were read, and those of these customers. */
  readonly read: number;
  readonly used: number;
}

/**
 * Reads what was offered to these customers: lines of JSON that are exposure and dismissal records, as a server's table or an export has
 * them, or `{ customer, at, items }`. Of everybody else nothing is held. `idOf` makes the customer's id of their name.
 */
export async function readExposures(
  path: string,
  customers: readonly TrainingCustomer[],
  idOf: (name: string) => string,
  io: Io,
): Promise<WithExposures> {
  const told = new Map(customers.map(({ id = '' }) => [id, newTold()]));
  const source = openSource(path, io);
  const bar = createBar(path, source, io);
  let read = 0;
  try {
    for await (const { text = '' } of readLines(await unpacked(source.bytes)).lines) {
      io.signal.throwIfAborted();
      const line = lineOf(text);
      if (line === undefined) continue;
      // an order of a shop system is its account's
      const own = told.get(idOf(line.customer)) ?? told.get(idOf(`account\n${line.customer}`));
      for (const one of line.exposures) {
        bar.show(++read);
        if (own) keepNewest(own, one);
      }
      own?.dismissed.push(...line.dismissed);
    }
  } finally {
    bar.stop();
  }
  let used = 0;
  const withThem = customers.map((customer) => {
    const exposures = exposuresOf(told.get(customer.id ?? '') ?? newTold());
    used += exposures.length;
    return { ...customer, exposures };
  });
  return { customers: withThem, read, used };
}

const newTold = (): Told => ({ shown: new Map(), dismissed: [] });

interface Stamped {
  readonly key: string;
  readonly stamp: string;
  readonly offered: TrainingExposure;
}

/** What a line says, and of whom. */
interface Line {
  readonly customer: string;
  readonly exposures: readonly Stamped[];
  readonly dismissed: readonly DismissalData[];
}

type Loose = { readonly [key: string]: unknown };
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function lineOf(text: string): Line | undefined {
  const value = parsed(text);
  if (!isObject(value)) return undefined;
  const record = parseRecord(value['record'] ?? value);
  if (record && isKnownRecord(record)) return saidBy(record);
  const { customer } = value;
  const offered = offeredOf(value);
  if (!offered || (typeof customer !== 'string' && typeof customer !== 'number')) return undefined;
  const exposures = [{ key: String(offered.at), stamp: '', offered }];
  return { customer: String(customer), exposures, dismissed: [] };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text || 'null');
  } catch {
    return undefined; // a line that was cut says nothing
  }
}

/** What a record says, or a base, which stands for records. */
function saidBy({ kind, subject: customer, stamp, by, data }: ProfileRecord): Line {
  if (kind === 'exposure') {
    const one = { key: exposureKey(data.visit, by), stamp, offered: data };
    return { customer, exposures: [one], dismissed: [] };
  }
  if (kind === 'dismissal') return { customer, exposures: [], dismissed: [data] };
  if (kind !== 'base') return { customer, exposures: [], dismissed: [] };
  const exposures = Object.entries(data.state.exposures).map(([key, one]) => ({
    ...{ key, stamp: one.stamp, offered: one.data },
  }));
  return { customer, exposures, dismissed: Object.values(data.state.dismissals).map(dataOf) };
}

const dataOf = <T>({ data }: { readonly data: T }): T => data;

/** A list as a program writes it. */
function offeredOf({ at, items }: Loose): TrainingExposure | undefined {
  const ms = timeToMs(at);
  if (ms === null || ms === undefined || !isObject(items)) return undefined;
  const counts = Object.entries(items).flatMap(([sku, told]): [string, OfferedCounts][] => {
    if (!isObject(told)) return [];
    const [shown, accepted] = [countOf(told['shown']), countOf(told['accepted'])];
    return shown !== undefined && accepted !== undefined
      ? [[sku, { shown, accepted, ...(told['dismissed'] === true && { dismissed: true }) }]]
      : [];
  });
  return { at: ms, items: Object.fromEntries(counts) };
}

/** A count as a program writes it: nothing is none; undefined for what is no count. */
function countOf(told: unknown): number | undefined {
  const count = typeof told === 'string' ? Number(told) : (told ?? 0);
  return typeof count === 'number' && count >= 0 && Number.isFinite(count) ? count : undefined;
}

function keepNewest({ shown }: Told, { key, stamp, offered }: Stamped): void {
  const known = shown.get(key);
  if (!known || known.stamp <= stamp) shown.set(key, { stamp, offered });
}

/** What was shown, with what was dismissed of it within the visit. */
function exposuresOf({ shown, dismissed }: Told): readonly TrainingExposure[] {
  return [...shown.values()].map(({ offered: { at, items } }) => {
    const gone = dismissed.flatMap((one) =>
      one.target.kind === 'item' && Math.abs(one.at - at) <= VISIT_MS ? [one.target.sku] : [],
    );
    if (gone.length === 0) return { at, items };
    const counts = Object.entries(items).map(([sku, told]) => {
      const isGone = gone.includes(sku);
      return [sku, isGone ? { ...told, dismissed: true } : told] as const;
    });
    return { at, items: Object.fromEntries(counts) };
  });
}
