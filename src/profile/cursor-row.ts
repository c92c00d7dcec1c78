import type { StorageTransaction } from './port.js';

/** The row `sync` of the store `meta`: how far a backend was read. In the same transaction as what was read. */
export interface CursorRow {
  /** By customer, the last used last. */
  readonly cursors: readonly (readonly [customer: string, cursor: string])[];
  /** The card after which the next ones are asked about. */
  readonly after: string;
}

/** The row; an empty one for what is none. */
export async function readCursors(tx: StorageTransaction): Promise<CursorRow> {
  const { cursors, after } = ((await tx.get('meta', 'sync')) ?? {}) as Partial<CursorRow>;
  const isPair = (one: unknown): boolean =>
    Array.isArray(one) && one.length === 2 && one.every((text) => typeof text === 'string');
  return {
    cursors: Array.isArray(cursors) && cursors.every(isPair) ? cursors : [],
    after: typeof after === 'string' ? after : '',
  };
}

/** Writes it; a row that says nothing is none. */
export function writeCursors(tx: StorageTransaction, row: CursorRow): void {
  if (row.cursors.length === 0 && row.after === '') tx.remove('meta', 'sync');
  else tx.put('meta', 'sync', row);
}

/** Of whom is no more no cursor is left. */
export async function dropCursors(
  tx: StorageTransaction,
  gone: ReadonlySet<string>,
): Promise<void> {
  const { cursors, after } = await readCursors(tx);
  const stay = cursors.filter(([customer]) => !gone.has(customer));
  if (stay.length === cursors.length && !gone.has(after)) return;
  writeCursors(tx, { cursors: stay, after: gone.has(after) ? '' : after });
}
