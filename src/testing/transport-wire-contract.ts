import { equal } from './storage-check.js';
import {
  call,
  failure,
  plain,
  promise,
  pullAll,
  push,
  pushAll,
  sameRecords,
  statuses,
  type Bench,
  type TransportPromise,
} from './transport-check.js';
import type { Fault } from './transport-wire.js';

const html = (): Response =>
  new Response('<!doctype html><title>Hotel Wi-Fi</title><p>Please log in.', {
    status: 200,
    headers: { 'content-type': 'text/html' },
  });
const refusal =
  (status: number, headers: { readonly [name: string]: string } = {}, body = 'no'): Fault =>
  () =>
    new Response(body, { status, headers });

/** What a push and a pull reject with while the network has this fault. */
async function kinds({ device, make, wire }: Bench, fault: Fault): Promise<readonly unknown[]> {
  wire.break(fault);
  const pushed = await failure(() => push(device, [make.purchase()]));
  const pulled = await failure(() => pullAll(device));
  wire.heal();
  return [pushed.kind, pulled.kind];
}

/** What is promised of a transport that is reached by `fetch`, while the network fails. */
export const wirePromises: readonly TransportPromise[] = [
  promise('wire', 'an answer that is lost, and again: everything is there once', async (bench) => {
    const { device, other, make, wire } = bench;
    const claim = make.claim();
    await pushAll(device, [claim]);
    const sent: ReturnType<typeof make.purchase>[] = [];
    // whichever of a push's requests loses its answer
    for (const nth of [1, 2, 3]) {
      const batch = [make.purchase(), make.purchase()];
      wire.break('lost', nth);
      await push(device, batch).catch(() => undefined);
      wire.heal();
      await pushAll(device, batch);
      sent.push(...batch);
    }
    sameRecords('what was pulled', (await pullAll(other)).records, [claim, ...sent]);
  }),
  promise('wire', 'a push that never arrived can be made later', async (bench) => {
    const { device, other, make, wire } = bench;
    const batch = [make.claim(), make.purchase()];
    wire.break('down');
    await failure(() => push(device, batch));
    wire.heal();
    equal('what is there', plain((await pullAll(other)).records), []);
    await pushAll(device, batch);
    sameRecords('what was pulled', (await pullAll(other)).records, batch);
  }),
  promise('wire', 'nobody answers: offline', async (bench) => {
    equal('kinds', await kinds(bench, 'down'), ['offline', 'offline']);
  }),
  promise('wire', 'a page of HTML in the place of an answer: offline', async (bench) => {
    equal('kinds', await kinds(bench, html), ['offline', 'offline']);
  }),
  promise('wire', 'an answer that is somebody else’s, or empty: offline', async (bench) => {
    const headers = { 'content-type': 'application/json' };
    for (const body of ['{}', 'null', ''])
      equal(`"${body}"`, await kinds(bench, () => new Response(body, { headers })), [
        'offline',
        'offline',
      ]);
  }),
  promise('wire', 'a failure of a machine in between: offline', async (bench) => {
    for (const status of [404, 500, 502, 504])
      equal(String(status), await kinds(bench, refusal(status)), ['offline', 'offline']);
  }),
  promise('wire', 'a token that is refused: auth, and no loop of requests', async (bench) => {
    const before = bench.wire.requests();
    equal('kinds', await kinds(bench, refusal(401)), ['auth', 'auth']);
    const requests = bench.wire.requests() - before;
    if (requests > 4) throw new Error(`${requests} requests for one push and one pull`);
  }),
  promise('wire', 'too large a batch: too-large', async (bench) => {
    equal('kind', (await kinds(bench, refusal(413)))[0], 'too-large');
  }),
  promise('wire', 'told to wait: wait', async (bench) => {
    for (const status of [429, 503])
      equal(String(status), await kinds(bench, refusal(status)), ['wait', 'wait']);
  }),
  promise('retry-after', 'told how long to wait, in seconds or by a date', async (bench) => {
    const { device, make, wire } = bench;
    const date = 'Tue, 03 Feb 2026 10:00:00 GMT';
    for (const headers of [
      { 'retry-after': '7' },
      { 'retry-after': 'Tue, 03 Feb 2026 10:00:07 GMT', date },
    ])
      for (const status of [429, 503]) {
        wire.break(refusal(status, headers));
        const { retryAfterMs } = await failure(() => push(device, [make.purchase()]));
        wire.heal();
        equal('how long', retryAfterMs, 7_000);
      }
    wire.break(refusal(429, { 'retry-after': 'soon' }));
    const { kind, retryAfterMs = null } = await failure(() => push(device, [make.purchase()]));
    wire.heal();
    equal('nonsense', [kind, retryAfterMs], ['wait', null]);
  }),
  promise('keepalive', 'a push that has to outlive its page says so', async (bench) => {
    const { device, other, make, wire } = bench;
    const [claim, last] = [make.claim(), make.purchase()];
    await pushAll(device, [claim]);
    equal('one that has not', wire.outliving(), 0);
    const pushed = await push(device, [last], undefined, { keepalive: true });
    equal('result', statuses(pushed, [last]), ['accepted']);
    if (wire.outliving() === 0) throw new Error('it ends with its page');
    sameRecords('what was pulled', (await pullAll(other)).records, [claim, last]);
  }),
  promise('wire', 'a call that is ended rejects, before and in the middle', async (bench) => {
    const { device, make, wire } = bench;
    const query = { cursor: null, limit: 1, subjects: [] };
    const both = (signal: AbortSignal): Promise<unknown> =>
      Promise.all([
        failure(() => push(device, [make.purchase()], signal)),
        failure(() => device.pull(query, call(signal))),
      ]);
    const soon = async (what: string, ends: Promise<unknown>): Promise<void> => {
      const timer = new Promise<string>((resolve) => setTimeout(() => resolve('it hangs'), 2_000));
      equal(what, await Promise.race([ends.then(() => 'ended'), timer]), 'ended');
    };
    const early = new AbortController();
    early.abort();
    await soon('before', both(early.signal));
    wire.break('stuck');
    const late = new AbortController();
    const ends = both(late.signal);
    setTimeout(() => late.abort(), 20);
    await soon('in the middle', ends);
    wire.heal();
  }),
];
