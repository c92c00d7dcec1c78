import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../../src/model/encode-model.js';
import { recommender } from '../../../src/recommend/recommender.js';
import { cafeModel, NOW } from './shop.js';

const model = await cafeModel();
const bytes = encodeModel(model);

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
    expect(await firstOf(recommender({ model: given }))).toEqual({
      model: 'ready',
      first: 'coffee',
    });
  });

  it('recommends from own history alone when no model was given', async () => {
    expect(await firstOf(recommender())).toEqual({ model: 'none', first: undefined });
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
    ['is of another shape', { version: 1, skus: ['tea'], together: {} }],
  ])('goes on without a model that %s, and tells why', async (_name, given) => {
    const outcome = await firstOf(recommender({ model: given as never }));
    expect(outcome).toMatchObject({ model: 'failed', first: undefined });
    expect(outcome.error).toBeInstanceOf(Error);
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
