import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../../src/model/encode-model.js';
import { encodeRanker } from '../../../src/model/encode-ranker.js';
import { fitRanker } from '../../../src/model/fit-ranker.js';
import { recommender } from '../../../src/recommend/recommender.js';
import type { FileShelf, Item, KeptFile, RecommenderLoaded } from '../../../src/recommend/types.js';
import { cafeCustomers, cafeModel, NOW } from './shop.js';

const model = await cafeModel();
const bytes = encodeModel(model);
const ranker = await fitRanker(cafeCustomers);
const rankerBytes = encodeRanker(ranker);

const firstOf = async (plug: ReturnType<typeof recommender>) => {
  const { engine, ...rest } = await plug.load();
  const offered = engine.recommend(engine.history([]), { now: NOW, limit: 1 });
  return { ...rest, first: offered[0]?.sku };
};

describe('recommender', () => {
  it.each([
    ['a model', model],
    ['its bytes', bytes],
    ['a function that gives bytes', () => Promise.resolve(bytes)],
    ['a function that gives a buffer', () => Promise.resolve(bytes.slice().buffer)],
    ['a function that gives a response', () => Promise.resolve(new Response(bytes.slice()))],
  ])('takes %s', async (_name, given) => {
    expect(await firstOf(recommender({ model: given }))).toMatchObject({
      model: 'ready',
      first: 'coffee',
    });
  });

  it('recommends from own history alone when no model was given', async () => {
    expect(await firstOf(recommender())).toEqual({
      model: 'none',
      ranker: 'none',
      first: undefined,
    });
  });

  it.each([
    ['cannot be fetched', () => Promise.reject(new Error('offline'))],
    [
      'throws at once',
      () => {
        throw new Error('no fetch here');
      },
    ],
    [
      'is an error page',
      () => Promise.resolve(new Response('<h1>Not found</h1>', { status: 404 })),
    ],
    ['is nothing', () => Promise.resolve(null)],
    ['is a list of skus', () => Promise.resolve(['tea'])],
    ['has lost its arrays', JSON.parse(JSON.stringify(model))],
    ['is of another shape', { version: 1, skus: ['tea'], customers: {} }],
  ])('goes on without a model that %s, and tells why', async (_name, given) => {
    const outcome = await firstOf(recommender({ model: given as never }));
    expect(outcome).toMatchObject({ model: 'failed', first: undefined });
    expect(outcome.error).toBeInstanceOf(Error);
  });

  const { length } = model.skus;
  const { customers } = model;
  it.each<[string, object]>([
    ['no skus', { skus: undefined }],
    ['a sku that is no text', { skus: model.skus.map((sku, i) => (i === 1 ? 7 : sku)) }],
    ['visits of another length', { visits: model.visits.slice(1) }],
    ['a plain list of visits', { visits: [...model.visits] }],
    ['visits that are no numbers', { visits: new Float64Array(length).fill(NaN) }],
    ['visits that are big integers', { visits: new BigUint64Array(length) }],
    ['a share that is none', { repeat: new Float32Array(length).fill(NaN) }],
    ['endless days', { gapDays: new Float32Array(length).fill(Infinity) }],
    ['no table', { customers: undefined }],
    ['a table that is none', { next: {} }],
    ['a table without its starts', { next: { ...customers, start: undefined } }],
    ['a table of another length', { next: { ...customers, start: customers.start.slice(1) } }],
    [
      'a row past the end',
      { customers: { ...customers, start: customers.start.map(() => 2 ** 31) } },
    ],
    [
      'a neighbour that is none',
      { customers: { ...customers, item: customers.item.map(() => length) } },
    ],
    ['too few weights', { customers: { ...customers, weight: customers.weight.slice(1) } }],
    [
      'weights that are no numbers',
      { next: { ...customers, weight: customers.weight.map(() => NaN) } },
    ],
    ['buyers of nothing', { customers: { ...customers, item: undefined } }],
    ['shares of other pairs', { sameVisit: model.sameVisit.slice(1) }],
    ['no word of what sells now', { recent: undefined }],
  ])('refuses a model that has %s', async (_name, part) => {
    const outcome = await firstOf(recommender({ model: { ...model, ...part } as never }));
    expect(outcome).toMatchObject({
      model: 'failed',
      first: undefined,
      error: { code: 'ERR_MODEL_INVALID' },
    });
  });

  it.each([
    ['a ranker', ranker],
    ['its bytes', rankerBytes],
    ['a function that gives a response', () => Promise.resolve(new Response(rankerBytes.slice()))],
  ])('takes %s beside the model', async (_name, given) => {
    const outcome = await firstOf(recommender({ model, ranker: given }));
    expect(outcome).toEqual({ model: 'ready', ranker: 'ready', first: 'coffee' });
  });

  it.each([
    ['cannot be fetched', () => Promise.reject(new Error('offline'))],
    ['is an error page', () => Promise.resolve(new Response('<h1>Not found</h1>'))],
    ['is cut short', rankerBytes.slice(0, -1)],
    ['is a model', bytes],
  ])('goes on with the model and without a ranker that %s, and tells why', async (_name, given) => {
    const outcome = await firstOf(recommender({ model, ranker: given }));
    expect(outcome).toMatchObject({ model: 'ready', ranker: 'failed', first: 'coffee' });
    expect(outcome.error).toBeInstanceOf(Error);
  });

  it('tells of a model that failed before a ranker that failed', async () => {
    const gone = (what: string) => () => Promise.reject(new Error(what));
    const outcome = await firstOf(recommender({ model: gone('model'), ranker: gone('ranker') }));
    expect(outcome).toMatchObject({
      model: 'failed',
      ranker: 'failed',
      error: { message: 'model' },
    });
  });

  it('offers what the customer buys while the model is on its way', async () => {
    const plug = recommender({
      model: () => new Promise<never>(() => undefined),
      catalog: [{ sku: 'toast', name: 'Toast' }],
    });
    const visits = [{ items: ['toast', 'tea'] }];
    const first = (catalog?: Item[]) =>
      new Promise<RecommenderLoaded>((ready) => void plug.load(catalog, { ready }));
    const skusOf = ({ engine }: RecommenderLoaded): string[] =>
      engine.recommend(engine.history(visits), { now: NOW, limit: 5 }).map(({ sku }) => sku);
    expect((await first()).model).toBe('none');
    expect(skusOf(await first())).toEqual(['toast']);
    expect(skusOf(await first([{ sku: 'tea', name: 'Tea' }]))).toEqual(['tea']);
  });

  it('tries a failed model again at the next load, and fetches one that is there only once', async () => {
    let calls = 0;
    const plug = recommender({
      model: () => (++calls === 1 ? Promise.reject(new Error('offline')) : Promise.resolve(bytes)),
    });
    expect((await plug.load()).model).toBe('failed');
    expect((await plug.load()).model).toBe('ready');
    const again = await plug.load([{ sku: 'toast', name: 'Toast' }]);
    expect(calls).toBe(2);
    const offered = again.engine.recommend(again.engine.history([]), { now: NOW, limit: 5 });
    expect(offered.map(({ sku }) => sku)).toEqual(['toast']);
  });
});

describe('a model that is kept', () => {
  const shelfOf = (kept?: Partial<KeptFile>) => {
    const files = new Map<string, KeptFile>();
    if (kept) files.set('model', { bytes, at: 7, ...kept });
    const shelf: FileShelf = {
      get: (name) => Promise.resolve(files.get(name)),
      put: (name, file) => Promise.resolve(void files.set(name, { ...file, at: 9 })),
    };
    return { files, shelf };
  };
  const answer = (status: number, etag: string, body: Uint8Array | null = bytes) =>
    new Response(body && body.slice(), { status, headers: { etag } });

  it('is put away with its tag when it has come, and asked about by that tag the next time', async () => {
    const { files, shelf } = shelfOf();
    const asked: unknown[] = [];
    const source = (status: number) => (request: unknown) => {
      asked.push(request);
      return Promise.resolve(answer(status, '"a"', status === 304 ? null : bytes));
    };
    expect(await recommender({ model: source(200) }).load(undefined, { shelf })).toMatchObject({
      model: 'ready',
    });
    expect(files.get('model')).toMatchObject({ etag: '"a"', at: 9 });
    const again = await recommender({ model: source(304) }).load(undefined, { shelf });
    expect(again).toMatchObject({ model: 'ready' });
    expect(again.keptAt).toBeUndefined();
    expect(asked).toEqual([{}, { headers: { 'if-none-match': '"a"' } }]);
  });

  it('serves at once, and where the network fails, with its age and the reason', async () => {
    const { shelf } = shelfOf({});
    const seen: unknown[] = [];
    const outcome = await recommender({ model: () => Promise.reject(new Error('offline')) }).load(
      undefined,
      { shelf, ready: (loaded) => seen.push([loaded.model, loaded.keptAt]) },
    );
    expect(seen).toEqual([
      ['none', undefined],
      ['ready', 7],
    ]);
    expect(outcome).toMatchObject({ model: 'ready', keptAt: 7, error: { message: 'offline' } });
  });

  it('gives way to a newer one, and stays where that is none', async () => {
    const newer = encodeModel({ ...model, trainedAt: model.trainedAt + 1 });
    const { files, shelf } = shelfOf({ etag: '"old"' });
    await recommender({ model: () => Promise.resolve(answer(200, '"new"', newer)) }).load(
      undefined,
      { shelf },
    );
    expect(files.get('model')).toMatchObject({ etag: '"new"', bytes: newer });
    const broken = await recommender({
      model: () => Promise.resolve(answer(200, '"x"', newer.slice(0, 50))),
    }).load(undefined, { shelf });
    expect(broken).toMatchObject({ model: 'ready', error: { code: 'ERR_MODEL_INVALID' } });
    expect(files.get('model')?.etag).toBe('"new"');
  });

  it.each([
    ['is damaged', { bytes: bytes.slice(0, -3) }],
    ['is none', { bytes: 'no bytes' as never }],
  ])('is as if it were not where it %s', async (_name, kept) => {
    const { shelf } = shelfOf({ ...kept, etag: '"a"' });
    let asked: unknown;
    const outcome = await recommender({
      model: (request) => {
        asked = request;
        return Promise.reject(new Error('offline'));
      },
    }).load(undefined, { shelf });
    expect(asked).toEqual({});
    expect(outcome).toMatchObject({ model: 'failed' });
  });

  it('is done without where the shelf itself fails', async () => {
    const shelf: FileShelf = {
      get: () => Promise.reject(new Error('no storage')),
      put: () => Promise.resolve(),
    };
    expect(
      await recommender({ model: () => Promise.resolve(answer(200, '"a"')) }).load(undefined, {
        shelf,
      }),
    ).toMatchObject({ model: 'ready' });
  });

  it('is fetched once, however many catalogs come while it is on its way', async () => {
    let calls = 0;
    const plug = recommender({
      model: async () => {
        calls++;
        await Promise.resolve();
        return bytes;
      },
    });
    const [, second] = await Promise.all([plug.load(), plug.load([{ sku: 'jam', name: 'Jam' }])]);
    expect(calls).toBe(1);
    expect(second.model).toBe('ready');
  });
});
