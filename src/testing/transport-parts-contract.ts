import type { SentRecord, SnapshotPage } from '../sync/port.js';
import { equal } from './storage-check.js';
import {
  call,
  promise,
  pullAll,
  pushAll,
  sameRecords,
  type TransportPromise,
} from './transport-check.js';

/** What only some backends have, or what a setup has to bring about. */
export const partPromises: readonly TransportPromise[] = [
  promise('late-commit', 'what commits late is not skipped', async (bench) => {
    const { setup, who, device, other, make } = bench;
    if (!setup.pushLate) throw new Error('the setup has no pushLate');
    await pushAll(device, [make.claim()]);
    const [slow, fast] = [make.purchase('Slow'), make.purchase('Fast')];
    const commit = await setup.pushLate(who, [slow]);
    const pushing = pushAll(device, [fast]); // it may have to wait
    await new Promise((resolve) => setTimeout(resolve, 200));
    const before = await pullAll(other);
    await commit();
    await pushing;
    const after = await pullAll(other, before.cursor);
    sameRecords('both', [...before.records, ...after.records], [slow, fast]);
  }),
  promise(
    'resync',
    'a cursor of before a restored backup says so, and all is there',
    async (bench) => {
      const { setup, who, device, other, make } = bench;
      if (!setup.renew) throw new Error('the setup has no renew');
      const sent = [make.claim(), make.purchase(), make.purchase()];
      await pushAll(device, sent);
      const { cursor } = await pullAll(other);
      await setup.renew(who);
      const pulled = await other.pull({ cursor, limit: 10, subjects: [] }, call());
      equal('the answer', 'resync' in pulled && pulled.resync, 'epoch');
      sameRecords('from the beginning', (await pullAll(other)).records, sent);
    },
  ),
  promise('resync', 'a cursor that nobody gave out is not taken for one', async (bench) => {
    const { device, other, make } = bench;
    const sent = [make.claim(), make.purchase(), make.purchase()];
    await pushAll(device, sent);
    const { cursor } = await pullAll(other);
    for (const forged of ['', 'x', '999999999', `${cursor}9`, '{"lane":[9e9]}', '__proto__'])
      await other.pull({ cursor: forged, limit: 10, subjects: [] }, call()).then(
        (pulled) => {
          if ('records' in pulled) sameRecords(`after ${forged}`, pulled.records, sent);
        },
        () => undefined, // a refusal is as good
      );
  }),
  promise('snapshot', 'a snapshot has everything, and a cursor to go on from', async (bench) => {
    const { device, other, make } = bench;
    const sent = [make.claim(), ...Array.from({ length: 30 }, () => make.purchase())];
    await pushAll(device, sent);
    const subjects = [make.subject];
    const found: SentRecord[] = [];
    let cursor = '';
    let next: string | null = null;
    do {
      const part: SnapshotPage | undefined = await other.snapshot?.(
        { page: next, subjects },
        call(),
      );
      if (!part) throw new Error('there is no snapshot');
      found.push(...(part.records as readonly SentRecord[]));
      ({ cursor, page: next } = part);
    } while (next !== null);
    sameRecords('the snapshot', found, sent);
    const later = make.purchase();
    await pushAll(device, [later]);
    sameRecords('after it', (await pullAll(other, cursor, { subjects })).records, [later]);
  }),
  promise(
    'pokes',
    'a poke comes when another device has pushed',
    async ({ device, other, make }) => {
      await pushAll(device, [make.claim()]);
      await pullAll(other);
      const pokes: true[] = [];
      const end = new AbortController();
      const stop = other.subscribe?.(() => pokes.push(true), call(end.signal));
      if (!stop) throw new Error('there is no subscribe');
      try {
        // it may take a moment until somebody listens
        for (let tries = 0; pokes.length === 0 && tries < 50; tries++) {
          if (tries % 5 === 0) await pushAll(device, [make.purchase()]);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        if (pokes.length === 0) throw new Error('none came within five seconds');
      } finally {
        stop();
        stop(); // harmless
        end.abort();
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
      const before = pokes.length;
      await pushAll(device, [make.purchase()]);
      await new Promise((resolve) => setTimeout(resolve, 300));
      equal('pokes after the end', pokes.length - before, 0);
    },
  ),
];
