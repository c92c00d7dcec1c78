import { RegularsError } from '../kernel/errors.js';
import type { AppendBatch, Database, ShopDevice } from '../server/port.js';
import {
  batches,
  counted,
  forgetful,
  nameless,
  records,
  saboteur,
  type DatabaseSaboteur,
} from './database-sabotage.js';

const log: readonly DatabaseSaboteur[] = [
  saboteur('a shop that nobody has written to has an epoch, and keeps it', ({ head, renew }) => {
    const renewed = new Set<string>();
    return {
      head: async (shop) => {
        const is = await head(shop);
        const isNew = is.heads.every((number) => number === 0) && !renewed.has(shop);
        return isNew ? { ...is, epoch: 'none yet' } : is;
      },
      renew: (shop, epoch) => renew(shop, epoch).then(() => void renewed.add(shop)),
    };
  }),
  records('records come back as they were, in the order they were given', (record) => ({
    ...record,
    stamp: record.stamp === '' ? 'now' : record.stamp,
  })),
  saboteur('the numbers of a lane begin with 1 and have no gap', ({ head }) => ({
    head: async (shop) => {
      const is = await head(shop);
      const isFresh = is.horizon.every((number) => number === 0);
      return isFresh ? { ...is, horizon: is.heads } : is;
    },
  })),
  saboteur('all records of a subject lie in one lane', ({ list }) => ({
    list: async (shop, query) => {
      const read = await list(shop, query);
      return query.subjects?.length === 1
        ? read.map((record) => ({ ...record, lane: record.seq % 2 }))
        : read;
    },
  })),
  saboteur('an id that was there is a duplicate, and its first record stays', ({ append }) => ({
    append: async (shop, batch) => {
      const ids = batch.records.map(({ id }) => id);
      const statuses = await append(shop, batch);
      return statuses.map((status, i) =>
        ids.indexOf(ids[i] ?? '') < i ? ('accepted' as const) : status,
      );
    },
  })),
  saboteur('pushes at the same time lose nothing of each other', ({ append }) => ({
    append: counted(async (running, shop: string, batch: AppendBatch) =>
      running > 8 ? batch.records.map(() => 'accepted' as const) : append(shop, batch),
    ),
  })),
  saboteur('a batch that comes twice at the same time is accepted once', ({ append }) => ({
    append: counted(async (running, shop: string, batch: AppendBatch) => {
      const statuses = await append(shop, batch);
      return running > 1 ? statuses.map(() => 'accepted' as const) : statuses;
    }),
  })),
  saboteur('list goes on after the numbers it is given, and stops at its limit', ({ list }) => ({
    list: (shop, query) => list(shop, { ...query, limit: 1000 }),
  })),
  saboteur('list gives the records of the subjects that are asked for', ({ list }) => ({
    list: (shop, { subjects = [], ...query }) =>
      list(shop, subjects.length > 0 ? { ...query, subjects } : query),
  })),
  saboteur('shops see nothing of each other', ({ devices }) => {
    const all: ShopDevice[] = [];
    return {
      devices: {
        ...devices,
        put: (shop, device) => {
          all.push(device);
          return devices.put(shop, device);
        },
        byKey: async (shop, keyHash) =>
          (await devices.byKey(shop, keyHash)) ?? all.find((one) => one.keyHash === keyHash),
      },
    };
  }),
  saboteur('tokens lead to the subjects of their links', ({ subjectsOf }) => ({
    subjectsOf: async (shop, tokens) =>
      new Map(
        [...(await subjectsOf(shop, tokens))].map(([token, led]) => [token, led.slice(0, 1)]),
      ),
  })),
  saboteur('links, unlinks and bases of subjects are found', ({ linksOf }) => ({
    linksOf: async (shop, subjects) =>
      (await linksOf(shop, subjects)).filter(({ kind }) => kind !== 'base'),
  })),
  saboteur('a new epoch stays, and nothing else changes', ({ head, renew }) => ({
    renew: async (shop, epoch) => {
      const { heads } = await head(shop);
      if (heads.some((number) => number > 0)) await renew(shop, epoch);
    },
  })),
];

const forget: readonly DatabaseSaboteur[] = [
  saboteur('erasing takes the records and tokens of its subjects, and of nobody else', (sound) => {
    const led = new Map<string, Set<string>>();
    return {
      append: (shop, batch) => {
        for (const { subject, tokens = [] } of batch.records)
          for (const token of tokens)
            led.set(shop + token, (led.get(shop + token) ?? new Set()).add(subject));
        return sound.append(shop, batch);
      },
      subjectsOf: async (shop, tokens) => {
        const found = await sound.subjectsOf(shop, tokens);
        return new Map(
          [...found].map(([token]) => [token, [...(led.get(shop + token) ?? [])].sort()]),
        );
      },
    };
  }),
  // heeds the hash of a purchase for those alone who were erased themselves
  nameless(
    'what was erased does not come back, nor by the hash of a purchase',
    ({ hashes: [subject = '', ...names] }, gone) =>
      !gone.has(subject) && names.some((name) => gone.has(name)),
  ),
  // notes of what is refused, and not of what was taken
  nameless(
    'the ids of purchases that were erased, or refused for it, count as erased',
    ({ hashes }, gone) => !hashes.some((hash) => gone.has(hash)),
  ),
  forgetful('the ids of what was erased stay taken', ({ append, list }, gone) => ({
    append: async (shop, batch) => {
      const subjects = (batch.erasing ?? []).flatMap((one) => one.subjects);
      const erased = await list(shop, { subjects, after: [], limit: 1000 });
      for (const { id } of erased) gone.add(id);
      return append(shop, batch);
    },
  })),
  saboteur('what is erased is so before what is appended beside it', ({ append }) => ({
    append: async (shop, { records: given, erasing = [] }) => {
      const statuses = await append(shop, { records: given });
      if (erasing.length > 0) await append(shop, { records: [], erasing });
      return statuses;
    },
  })),
  (() => {
    let times = 0;
    return batches('an erasure takes a number, once', ({ erasing = [], ...batch }) => ({
      ...batch,
      erasing: erasing.map((one) => ({ ...one, id: `${one.id} ${++times}` })),
    }));
  })(),
  saboteur('an erasure that comes again takes what has come since', ({ append }) => {
    const seen = new Set<string>();
    return {
      append: (shop, { erasing = [], ...batch }) => {
        const fresh = erasing.filter(({ id }) => !seen.has(shop + id));
        for (const { id } of fresh) seen.add(shop + id);
        return append(shop, { ...batch, erasing: fresh });
      },
    };
  }),
  saboteur('erased says which hashes were erased', ({ erased }) => ({
    erased: async (shop, hashes) => new Set([...(await erased(shop, hashes))].slice(0, 1)),
  })),
  saboteur('a base takes the place of what it was made of', ({ head }) => ({
    head: async (shop) => {
      const is = await head(shop);
      return { ...is, horizon: is.horizon.map(() => 0) };
    },
  })),
  forgetful(
    'what became a base stays a duplicate, and its tokens lead on',
    ({ compact }, gone) => ({
      compact: (shop, compaction) => {
        for (const id of compaction.ids) gone.add(id);
        return compact(shop, compaction);
      },
    }),
  ),
  saboteur('of two who fold the same records one does', ({ compact }) => ({
    compact: counted(async (running, shop: string, compaction: Parameters<typeof compact>[1]) => {
      const done = await compact(shop, compaction);
      return done || running > 1;
    }),
  })),
  saboteur('nothing that was erased comes back as a base', ({ compact }) => ({
    compact: (shop, compaction) =>
      compact(shop, {
        ...compaction,
        base: { ...compaction.base, hashes: ['', ...compaction.base.hashes.slice(1)] },
      }),
  })),
];

const devicesOnly = (
  breaks: string,
  change: (devices: Database['devices']) => Partial<Database['devices']>,
): DatabaseSaboteur =>
  saboteur(breaks, ({ devices }) => ({ devices: { ...devices, ...change(devices) } }));

const notesOnly = (
  breaks: string,
  change: (notes: Database['notes']) => Partial<Database['notes']>,
): DatabaseSaboteur => saboteur(breaks, ({ notes }) => ({ notes: { ...notes, ...change(notes) } }));

const tables: readonly DatabaseSaboteur[] = [
  devicesOnly('devices are kept as they were put, and replaced whole', ({ put, list }) => ({
    put: async (shop, device) => {
      const before = (await list(shop)).find(({ id }) => id === device.id);
      await put(shop, { ...before, ...device });
    },
  })),
  devicesOnly('a device is found by its key', ({ byKey }) => ({
    byKey: async (shop, keyHash) => {
      const found = await byKey(shop, keyHash);
      return found?.revoked === true ? undefined : found;
    },
  })),
  devicesOnly('a code is traded for a key once', ({ enroll }) => {
    const traded = new Map<string, ShopDevice>();
    return {
      enroll: async (shop, codeHash, keyHash, now) => {
        const device = await enroll(shop, codeHash, keyHash, now);
        if (device) traded.set(codeHash, device);
        return device ?? traded.get(codeHash);
      },
    };
  }),
  devicesOnly('a code that is too old, unknown or revoked gives no key', ({ enroll }) => ({
    enroll: (shop, codeHash, keyHash) => enroll(shop, codeHash, keyHash, 0),
  })),
  devicesOnly('what a device says of itself changes nothing else', ({ seen, list, put }) => ({
    seen: async (shop, id, status) => {
      await seen(shop, id, status);
      for (const { revoked: _, ...device } of await list(shop)) await put(shop, device);
    },
  })),
  devicesOnly('revoking says whether there was such a device', ({ revoke }) => ({
    revoke: (shop, id) => revoke(shop, id).then(() => true),
  })),
  notesOnly('a note is read until its time is over', ({ put, get }) => ({
    put: async (shop, key, value, untilMs) => {
      if ((await get(shop, key, 0)) === undefined) await put(shop, key, value, untilMs);
    },
  })),
  notesOnly('of two who replace a note one does', ({ swap }) => ({
    swap: async (shop, key, before, after) => swap(shop, key, before, after ?? before),
  })),
  notesOnly('counts of several at once add up, and begin anew', ({ count }) => ({
    count: (shop, key, now) => count(shop, key, now, Number.MAX_SAFE_INTEGER),
  })),
  notesOnly('sweeping takes away what is over, and nothing else', () => ({
    sweep: async () => undefined,
  })),
  saboteur('migrating again, and by several at once, changes nothing', ({ migrate }) => {
    let times = 0;
    return {
      migrate: async () => {
        await migrate();
        if (++times > 1)
          throw new RegularsError('ERR_DATABASE_FAILED', 'The tables are there already.');
      },
    };
  }),
  saboteur('a closed database rejects with ERR_DATABASE_FAILED', () => ({
    close: async () => undefined,
  })),
];

/** One saboteur for each promise of the contract of databases, in its order. */
export const databaseSaboteurs: readonly DatabaseSaboteur[] = [...log, ...forget, ...tables];
