import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lmdbStorage } from '../../../src/adapters/storage/node-lmdb.js';
import { canonicalJson } from '../../../src/kernel/json.js';
import { cardsOf } from '../../../src/profile/card-of.js';
import { readAllRecords, readCard } from '../../../src/profile/log.js';
import { seededRandom } from '../../../src/testing/fake-clock.js';
import { prepareWriters, type Writer } from '../../support/lmdb-process.js';
import { statesOf } from '../../support/profile/histories.js';

const folder = mkdtempSync(join(tmpdir(), 'regulars-kill-'));
let start: (args: readonly string[]) => Writer;
beforeAll(async () => {
  start = await prepareWriters(join(folder, 'child'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The ids of each acknowledged transaction. */
const acknowledged = ({ lines }: Writer): readonly (readonly string[])[] =>
  lines.filter((line) => line !== 'ready').map((line) => line.split(' '));

/** The ids in the log; after a look, if asked for, whether the cards are what the log says. */
async function loggedIds(name: string, cardsToo: boolean): Promise<readonly string[]> {
  const storage = lmdbStorage({ folder });
  await storage.open({ name });
  const [records, cards] = await storage.transact('readonly', async (tx) => {
    const all = await readAllRecords(tx);
    const subjects = [...new Set(all.map(({ subject }) => subject))];
    return [all, await Promise.all(subjects.map((subject) => readCard(tx, subject)))] as const;
  });
  await storage.close();
  if (!cardsToo) return records.map(({ id }) => id);
  const texts = (list: readonly unknown[]): readonly string[] => list.map(canonicalJson).sort();
  expect(texts(cards.map((found) => (found.kind === 'card' ? found.card : found)))).toEqual(
    texts(cardsOf(statesOf(records))),
  );
  return records.map(({ id }) => id);
}

async function killSometimes(lane: string, kills: number, seed: number): Promise<void> {
  const random = seededRandom(seed);
  let acked: readonly string[] = [];
  for (let n = 0; n < kills; n++) {
    const name = `${lane}-${Math.floor(n / 5)}`; // a new database now and then: reading grows with it
    if (n % 5 === 0) acked = [];
    const writer = start(['append', folder, name, `${lane}${n}`, '1000000']);
    await writer.says('ready');
    await wait((random(1)[0] ?? 0) / 4);
    writer.process.kill('SIGKILL');
    expect(await writer.ended).toBeNull();

    acked = [...acked, ...acknowledged(writer).flat()];
    const logged = await loggedIds(name, n % 5 === 4);
    expect(new Set(logged).size).toBe(logged.length);
    expect(acked.filter((id) => !logged.includes(id))).toEqual([]);
    // what was committed and not told any more is one whole transaction
    const more = logged.filter((id) => !acked.includes(id));
    expect([0, 1, 60]).toContain(more.length);
    acked = logged;
  }
}

it('loses and doubles nothing that was acknowledged, killed at a hundred moments', async () => {
  await Promise.all([killSometimes('a', 50, 1), killSometimes('b', 50, 2)]);
}, 120_000);

it('loses nothing of two processes that append as fast as they can', async () => {
  const writers = ['c', 'd'].map((who) => start(['append', folder, 'both', who, '80']));
  expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual([0, 0]);
  const told = writers.flatMap((writer) => acknowledged(writer).flat());
  expect(told).toHaveLength(2 * (70 + 10 * 60));
  expect([...(await loggedIds('both', true))].sort()).toEqual([...told].sort());
}, 60_000);
