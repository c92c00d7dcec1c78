import { readHeader, readEntries, type Reading, type SetAside } from './import-storage.js';
import { loadUpcast } from './migrations.js';
import { readLines, type TextSource } from './read-lines.js';
import type { AnyRecord } from './log-rows.js';

/** What an export holds, without importing it. */
export interface ExportInspection {
  readonly shop: string;
  readonly exportedAt: number;
  readonly complete: boolean;
  readonly records: { readonly [kind: string]: number };
  readonly waiting: { readonly records: number; readonly sealed: number };
  /** Lines that an import would pass over; the first hundred. */
  readonly setAside: readonly SetAside[];
  readonly skipped: number;
}

/** Reads an export line by line and counts; `look` sees every record. Rejects as `importStorage` does. */
export async function inspectExport(
  source: TextSource,
  now: number,
  look: (record: AnyRecord) => void = () => undefined,
): Promise<ExportInspection> {
  const { lines } = readLines(source);
  const { shop, exportedAt, sum } = await readHeader(lines);
  const reading: Reading = { sum, count: 0, ended: false, complete: false };
  const kinds = new Map<string, number>();
  const waiting = { records: 0, sealed: 0 };
  const setAside: SetAside[] = [];
  let skipped = 0;
  for await (const entry of readEntries(lines, reading, await loadUpcast(), shop, now))
    if (entry.kind === 'aside') {
      skipped++;
      if (setAside.length < 100) setAside.push(entry.aside);
    } else if (entry.kind === 'sealed') waiting.sealed++;
    else if (entry.kind === 'record') {
      const { kind } = entry.record;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      waiting.records += Number(entry.waits);
      look(entry.record);
    }
  const records = Object.fromEntries([...kinds].sort(([, a], [, b]) => b - a));
  return { shop, exportedAt, complete: reading.complete, records, waiting, setAside, skipped };
}
