import { equal } from './storage-check.js';
import {
  createMaker,
  erasedIn,
  plain,
  promise,
  pullAll,
  push,
  pushAll,
  sameRecords,
  statuses,
  type TransportPromise,
} from './transport-check.js';

/** What a backend that can forget promises. */
export const erasurePromises: readonly TransportPromise[] = [
  promise(
    'erasure',
    'an erasure takes away everything of its entry, and nothing else',
    async (bench) => {
      const { who, device, other, make, stranger } = bench;
      await pushAll(device, [make.claim(), make.purchase(), make.fact('oat', 'milk')]);
      const bystander = await stranger();
      const theirs = [bystander.make.claim(), bystander.make.purchase()];
      await pushAll(bystander.device, theirs);
      await pushAll(device, [make.erasure()]);
      const { records } = await pullAll(other);
      equal(`what is left of ${who.account}`, plain(records), []);
      equal(
        'links that are left',
        records.filter(({ kind }) => kind === 'link' || kind === 'base').length,
        0,
      );
      sameRecords('of others', (await pullAll(bystander.device)).records, theirs);
    },
  ),
  promise(
    'erasure',
    'what comes later about somebody erased is refused, for ever',
    async (bench) => {
      const { device, other, make } = bench;
      const early = [make.claim(), make.purchase()];
      await pushAll(device, early);
      await pushAll(device, [make.erasure()]);
      const late = [make.purchase('Unsent'), make.fact('oat', 'milk'), make.claim()];
      for (const from of [other, device])
        equal('results', statuses(await push(from, late), late), ['erased', 'erased', 'erased']);
      // sent before, and once more: it may be called either, and is not there
      await push(device, early);
      equal('what is there', plain((await pullAll(other)).records), []);
    },
  ),
  promise('erasure', 'an erasure counts, however old its stamp is', async (bench) => {
    const { device, other, make } = bench;
    const erasure = make.erasure(); // by a clock that is behind
    await pushAll(device, [make.claim(), make.purchase()]);
    await pushAll(other, [erasure]);
    equal('what is there', plain((await pullAll(device)).records), []);
    const late = [make.purchase()];
    equal('what comes later', statuses(await push(device, late), late), ['erased']);
  }),
  promise('erasure', 'an erasure is taken in before what comes beside it', async (bench) => {
    const { device, other, make } = bench;
    await pushAll(device, [make.claim(), make.purchase()]);
    const batch = [make.purchase(), make.erasure(), make.purchase()];
    const [before, erasure, after] = statuses(await push(device, batch), batch);
    equal('the erasure', erasure, 'accepted');
    if (after === 'accepted' && before === 'accepted') throw new Error('both others were taken');
    equal('what is there', plain((await pullAll(other)).records), []);
  }),
  promise('erasure', 'an erasure that is sent again is done with', async (bench) => {
    const { device, other, make } = bench;
    await pushAll(device, [make.claim(), make.purchase()]);
    const erasure = make.erasure();
    await pushAll(device, [erasure]);
    await pushAll(device, [erasure]);
    const another = [make.erasure()];
    const [status] = statuses(await push(other, another), another);
    if (status === 'rejected' || status === 'missing') throw new Error(`a second one is ${status}`);
  }),
  promise(
    'erasure',
    'a device of the customer is told, however old its cursor is',
    async (bench) => {
      const { device, other, make } = bench;
      await pushAll(device, [make.claim(), make.purchase()]);
      const subjects = [make.subject];
      const { cursor } = await pullAll(other, null, { subjects });
      await pushAll(device, [make.erasure()]);
      for (const from of [cursor, null]) {
        const { records } = await pullAll(other, from, { subjects });
        if (!erasedIn(records).includes(make.subject)) throw new Error('it was not told');
      }
    },
  ),
  promise('erasure', 'who comes back is somebody new', async ({ who, device, other, make }) => {
    await pushAll(device, [make.claim(), make.purchase()]);
    await pushAll(device, [make.erasure()]);
    const again = createMaker(who);
    const fresh = [again.claim(), again.purchase()];
    await pushAll(other, fresh);
    sameRecords('what is there', (await pullAll(device)).records, fresh);
  }),
  promise(
    'erasure',
    'two thousand records are forgotten as one is',
    async ({ device, other, make }) => {
      await pushAll(device, [make.claim()]);
      const { records: size } = device.limits;
      for (let n = 0; n < 2_000; n += size)
        await pushAll(
          device,
          Array.from({ length: Math.min(size, 2_000 - n) }, () => make.purchase()),
        );
      await pushAll(device, [make.erasure()]);
      equal('what is there', plain((await pullAll(other)).records).length, 0);
    },
  ),
  promise('entries', 'nobody forgets an entry that is somebody else’s', async (bench) => {
    const { device, make, stranger } = bench;
    const mine = [make.claim(), make.purchase()];
    await pushAll(device, mine);
    const them = await stranger();
    await pushAll(them.device, [them.make.claim()]);
    for (const erasure of [make.erasure(), them.make.erasure([them.make.subject, make.subject])])
      await push(them.device, [erasure]).catch(() => undefined);
    const { records } = await pullAll(device, null, { subjects: [make.subject] });
    equal('what I am told', erasedIn(records), []);
    sameRecords('mine', records, mine);
    await pushAll(device, [make.purchase()]);
  }),
  promise(
    'erasure-for-all',
    'a device is told that an entry it holds was erased, whoever is in front of it',
    async ({ device, make, stranger }) => {
      await pushAll(device, [make.claim(), make.purchase()]);
      const them = await stranger();
      await pushAll(them.device, [them.make.claim()]);
      const subjects = [them.make.subject, make.subject];
      const { cursor } = await pullAll(them.device, null, { subjects });
      await pushAll(device, [make.erasure()]);
      for (const from of [cursor, null]) {
        const { records } = await pullAll(them.device, from, { subjects });
        if (!erasedIn(records).includes(make.subject)) throw new Error('it was not told');
      }
      // and of nobody whom it does not hold
      const { records } = await pullAll(them.device, null, { subjects: [them.make.subject] });
      equal('told without being asked', erasedIn(records), []);
    },
  ),
];
