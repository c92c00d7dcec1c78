import type { ImportPurchasesOptions } from '../client/import-purchases.js';
import type { ParseOptions } from '../formats/types.js';
import type { ImportRules } from './typed.js';
import { detect, type Detected } from './detect.js';
import { Exit } from './exit.js';
import type { Io } from './io.js';
import { VENDORS } from './parsers.js';
import { openSource, peek, textOf, unpacked, type Peeked, type Source } from './source.js';

/** A file of which is known what it is. */
export interface Opened {
  readonly path: string;
  /** As a person calls it. */
  readonly name: string;
  readonly source: Source;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** How it begins. */
  readonly head: string;
  readonly is: Exclude<Detected, { readonly kind: 'unknown' }>;
}

const HEAD = 262_144;

/** Opens a file and says what it is; throws, with what was seen, where that is nothing that is read. */
export async function openOrders(path: string, rules: ImportRules, io: Io): Promise<Opened> {
  const { is, ...file } = await openAny(path, rules, io);
  if (is.kind === 'unknown') throw unreadable(file.name, is.seen);
  return { ...file, is };
}

/** What cannot be read, with what was seen in it. */
export function unreadable(name: string, seen: string): Exit {
  return new Exit(
    1,
    `${name} cannot be read: ${seen}. Exports of regulars are read, purchases, and orders of ${VENDORS.join(', ')}; --format says which.`,
  );
}

/** Opens a file, whatever it is. */
export async function openAny(
  path: string,
  { format }: Pick<ImportRules, 'format'>,
  io: Io,
): Promise<Omit<Opened, 'is'> & { readonly is: Detected }> {
  const source = openSource(path, io);
  const name = path === '-' ? 'standard input' : path;
  const look = (seen: Pick<Peeked, 'head' | 'isWhole'>): Detected => {
    const read = textOf(seen);
    return 'text' in read ? detect(read.text, format) : { kind: 'unknown', seen: read.seen };
  };
  // a pipe may stop for a while after its first lines; one value is told by more of it
  const isEnough = (head: Uint8Array): boolean => {
    const begun = head.includes(10) ? look({ head, isWhole: false }) : undefined;
    return begun?.kind === 'export' || (begun?.kind === 'orders' && begun.shape !== 'json');
  };
  const { head, isWhole, bytes } = await peek(await unpacked(source.bytes), HEAD, isEnough);
  const is = look({ head, isWhole });
  return { path, name, source, bytes, head: new TextDecoder().decode(head), is };
}

/** What the parsers are told. */
export function parseOptions(rules: ImportRules): ParseOptions {
  const { currency, region, timeZone, receivedAt, liveOnly } = rules;
  return {
    ...(currency !== undefined && { currency }),
    ...(region !== undefined && { country: region }),
    ...(timeZone !== undefined && { timeZone }),
    ...(receivedAt !== undefined && { receivedAt }),
    ...(liveOnly && { liveOnly }),
  };
}

/** What holds for purchases that do not say otherwise. */
export function purchaseOptions({
  currency,
  place,
  keepNotes,
}: ImportRules): Pick<ImportPurchasesOptions, 'currency' | 'place' | 'keep'> {
  return {
    ...(currency !== undefined && { currency }),
    ...(place !== undefined && { place: { id: place } }),
    ...(keepNotes && { keep: ['notes'] as const }),
  };
}
