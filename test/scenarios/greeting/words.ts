import { vi } from 'vitest';
import type { Regulars } from '../../../src/client/types.js';
import type { CustomerExport } from '../../../src/client/types.js';
import type { GreetingKind } from '../../../src/greeting/types.js';
import { uuidV7 } from '../../../src/kernel/ids.js';
import { nextStamp } from '../../../src/kernel/stamp.js';
import type { ProfileRecord, RecordData, RecordKind } from '../../../src/profile/types.js';
import { seededRandom } from '../../../src/testing/fake-clock.js';

/** The greeting that is there to be shown. */
export function greetingOf(page: Regulars): {
  readonly kind: GreetingKind;
  readonly text: string;
  readonly ref: string;
} {
  const greeting = page.greeting();
  if (greeting.kind === 'none') throw new Error(`No greeting: ${greeting.reason}`);
  return greeting;
}

/** Every word that a page has to show: greeting and its parts, the usual and its questions, offers with their reasons, names, and each why. */
export function everyWord(page: Regulars): string {
  const { greeting, usual, customer, people } = page.get();
  const offers = page.recommend({ limit: 20 });
  const shown = offers.kind === 'items' ? offers.items : [];
  const refs = [greeting, usual, ...shown].flatMap((one) => ('ref' in one ? [one.ref] : []));
  return [
    ...(greeting.kind === 'none' ? [] : [greeting.text, ...greeting.parts.map((p) => p.value)]),
    ...(usual.kind === 'none' ? [] : [usual.text, ...usual.ask.map(({ text }) => text)]),
    ...shown.flatMap(({ name, text, sku }) => [name, text, sku]),
    ...(customer?.name ? [customer.name] : []),
    ...people.map(({ label }) => label),
    ...refs.map((ref) => page.why(ref)?.text ?? ''),
  ].join('\n');
}

/** What never may be said (product rule D12): amounts, lateness, companions, body, age, counted days of absence. */
export const FORBIDDEN =
  /[€$£]|\d[.,]\d\d\b|\blate\b|midnight|night|\byears?\b|years old|\b\d+ (days|weeks|months)|missed you|where have you been|long time|been a while/i;

let records = 0;

/** Somebody's history as another device of theirs hands it over: what no page may record by itself, such as an issue or an import. */
export async function handOver<K extends RecordKind>(
  page: Regulars,
  kind: K,
  data: RecordData[K],
  at: number,
): Promise<void> {
  records += 1;
  const record = {
    ...{ id: uuidV7(at, seededRandom(records)), shop: 'blue-door', subject: 'elsewhere' },
    ...{ kind, by: 'import', stamp: nextStamp(undefined, at + records, '0'), data },
  } as ProfileRecord;
  const file: CustomerExport = {
    ...{ format: 'regulars-export', version: 1, shop: 'blue-door', exportedAt: at },
    ...{ records: [record], derived: null },
  };
  const done = await page.rights.import(file);
  if (done.kind !== 'imported' || done.records !== 1) throw new Error(JSON.stringify(done));
}

/** Something went wrong at `at`, and stands as it did at `since`. */
export const issue = (
  page: Regulars,
  state: 'open' | 'resolved',
  at: number,
  since = at,
  owner: string | undefined = 'Ana',
): Promise<void> =>
  handOver(
    page,
    'issue',
    { issue: 'cold', at, what: 'The soup was cold.', state, ...(owner && { owner }) },
    since,
  );

/** Until what explains and what offers is there. */
export async function settled(page: Regulars): Promise<void> {
  await vi.waitFor(() => {
    const { ref } = greetingOf(page);
    if (page.why(ref) === undefined) throw new Error('no why yet');
  }, 10_000);
}
