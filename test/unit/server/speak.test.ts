import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../src/adapters/storage/memory.js';
import { httpTransport } from '../../../src/adapters/transport/http.js';
import { createRegulars } from '../../../src/client/create-regulars.js';
import { syncOver } from '../../../src/client/sync.js';
import type { Regulars, RegularsOptions } from '../../../src/client/types.js';
import { ar } from '../../../src/greeting/locales/ar.js';
import { de } from '../../../src/greeting/locales/de.js';
import { ja } from '../../../src/greeting/locales/ja.js';
import type { OfferOptions } from '../../../src/greeting/offer-items.js';
import type { SpeechOptions } from '../../../src/greeting/speech-options.js';
import { encodeModel } from '../../../src/model/encode-model.js';
import { trainModel } from '../../../src/model/train-model.js';
import type { PurchaseInput } from '../../../src/profile/types.js';
import { recommender } from '../../../src/recommend/recommender.js';
import type { Item, RecommendRule } from '../../../src/recommend/types.js';
import type { ShopSettings } from '../../../src/server/types.js';
import { seededRandom } from '../../../src/testing/fake-clock.js';
import { tokenOf } from '../../support/http-server.js';
import { until } from '../../support/fleet.js';
import {
  batch,
  NOW,
  self,
  SHOP,
  startServer,
  writing,
  type TestServer,
} from '../../support/server.js';

const DAY_MS = 86_400_000;
const CATEGORIES = ['drinks', 'bread', 'cakes', 'pantry'];
const catalog: readonly Item[] = Array.from({ length: 40 }, (_, i) => ({
  sku: `s${i}`,
  name: `Thing ${i}`,
  aliases: [`old-${i}`],
  price: 100 + 10 * i,
  category: CATEGORIES[i % 4] as string,
  available: i % 7 !== 3,
  ...(i % 7 === 3 && { substitutes: [{ sku: `s${(i + 4) % 40}`, difference: 'a little larger' }] }),
}));

const ownBrandFirst: RecommendRule = ({ sku }) => (sku === 's9' ? 3 : sku === 's5' ? 0 : 1);
const rules: readonly RecommendRule[] = [
  ownBrandFirst,
  () => {
    throw new Error('a rule of the host');
  },
];

/** What a shop says of how it speaks, in its pages and on its server. */
const speech: SpeechOptions = {
  locales: [de, ja, ar],
  greetingRules: (defaults) => [
    {
      name: 'fifth',
      choose: ({ card }) =>
        card?.paidVisits === 5
          ? { kind: 'milestone', because: [], slots: { ordinal: 6 } }
          : undefined,
    },
    ...defaults,
  ],
  messages: { due: (item) => [{ type: 'text', value: `Out of ${item}?` }] },
  messageFormatter: (key, { item }) =>
    key === 'change.gone' ? `No ${String(item)} today.` : undefined,
  holdOut: 0.2,
  contact: 'the front desk',
  prior: 'cafe',
  referrals: [{ name: 'The other shop', where: '2 Side Street', category: 'bread' }],
};

const random = (seed: number): ((below: number) => number) => {
  const bytes = seededRandom(seed);
  return (below) => {
    const [high = 0, low = 0] = bytes(2);
    return (high * 256 + low) % below;
  };
};

/** Somebody's orders: a habit with exceptions, some long ago. */
function ordersOf(seed: number): readonly PurchaseInput[] {
  const below = random(seed);
  const visits = [0, 1, 2, 4, 5, 9, 24, 14][seed % 8] as number;
  const habit = below(40);
  const gap = 1 + below(20);
  return Array.from({ length: visits }, (_, i) => {
    const skus = [below(3) > 0 ? habit : below(40), below(40)];
    return {
      id: `pos:${seed}-${i}`,
      at: NOW - (visits - i) * gap * DAY_MS - below(DAY_MS / 8),
      currency: 'EUR',
      lines: skus.map((n) => ({
        sku: below(4) > 0 ? `s${n}` : `old-${n}`,
        name: `Thing ${n}`,
        unitPrice: 90 + 10 * n,
      })),
      customer: {
        ids: [{ kind: 'account', value: `u_${seed}` }],
        name: { given: ['Shep', 'Mária', 'ليلى', '花子'][seed % 4] as string },
      },
    };
  });
}

const model = encodeModel(
  await trainModel(
    Array.from({ length: 300 }, (_, n) => ({
      visits: ordersOf(1_000 + n).map(({ at, lines }) => ({
        at: Number(at),
        items: lines.map(({ sku }) => sku ?? ''),
      })),
    })),
  ),
);

const settings: ShopSettings = {
  ...speech,
  ...{ catalog, timeZone: 'Europe/Berlin', currency: 'EUR', locale: 'de-DE' },
  recommend: recommender({ model: () => Promise.resolve(model) }),
  consent: { suggest: 'granted' },
};

/** A page of the same shop, signed in as somebody, with all that the server has of them. */
async function pageOf(
  { server, clock }: TestServer,
  account: string,
  locale: string,
  options: Partial<RegularsOptions> = {},
): Promise<Regulars> {
  const page = createRegulars({
    ...{
      shop: SHOP,
      clock,
      random: seededRandom(Number(account.slice(2))),
      catalog,
      locale,
      currency: 'EUR',
    },
    ...speech,
    recommend: recommender({ model: () => Promise.resolve(model) }),
    storage: memoryStorage(),
    consent: { remember: 'granted', suggest: 'granted' },
    sync: syncOver(
      httpTransport({
        url: 'https://shop.example/regulars',
        token: () => tokenOf(self(account)),
        fetch: (input, init) => server.handle(new Request(input, init)),
      }),
    ),
    ...options,
  });
  await page.start();
  page.setContext({ timeZone: 'Europe/Berlin' });
  await page.recognize({ account }, { verified: ['account'] });
  await page.sync.now();
  await until(() => page.get().ready.model === 'ready' && page.get().ready.catalog === 'ready');
  return page;
}

const QUESTIONS: readonly OfferOptions[] = [
  {},
  { limit: 8, rules },
  { question: 'buy-again', limit: 6 },
  { question: 'due-now' },
  { question: 'goes-with', basket: ['s1', 'old-2'] },
  { question: 'similar', sku: 's3' },
  { question: 'popular', daypart: 'morning', perCategory: 1, limit: 6 },
  {
    kinds: ['together', 'popular'],
    newShare: 0.5,
    exclude: ['s4'],
    available: (sku) => sku !== 's8',
  },
];

describe('a page and the server of one shop', () => {
  it.each(['de-DE', 'ja', 'ar-EG', 'en_GB'])(
    'say and offer the same, in %s',
    async (locale) => {
      let said = 0;
      let changed = 0;
      const kinds = new Set<string>();
      for (let seed = 0; seed < 24; seed++) {
        const here = startServer({ settings: () => settings });
        const shop = here.server.shop(SHOP);
        const account = `u_${seed}`;
        await shop.record(ordersOf(seed));
        const { link, record } = writing();
        await here.call(
          'push',
          self(account),
          batch(
            link('own', 'account', account),
            record('own', 'fact', {
              key: 'name.given',
              value: 'Robin',
              source: 'customer',
              purpose: 'remember',
              at: NOW,
            }),
            ...(seed % 6 === 1
              ? [
                  record('own', 'fact', {
                    key: 'birthday',
                    value: '09-15',
                    source: 'customer',
                    purpose: 'remember',
                    at: NOW,
                  }),
                ]
              : []),
            ...(seed % 11 === 5
              ? [
                  record('own', 'issue', {
                    issue: 'i1',
                    state: 'open',
                    what: 'missing',
                    at: NOW - DAY_MS,
                    owner: 'Kim',
                  }),
                ]
              : []),
            ...(seed % 5 === 4
              ? [
                  record('own', 'dismissal', {
                    reason: 'stop',
                    target: { kind: 'item', sku: 's9', category: 'bread' },
                    at: NOW - DAY_MS,
                  }),
                ]
              : []),
          ),
        );
        const page = await pageOf(here, account, locale);
        const around = { verified: ['account'], locale } as const;
        await until(() => page.get().customer?.name !== undefined);
        const server = await shop.greet({ account }, around);
        expect(server.usual).toEqual(page.usual());
        expect(server.greeting).toEqual(page.greeting());
        for (const question of QUESTIONS) {
          const offered = await shop.recommend({ account }, { ...around, ...question });
          const shown = page.recommend(question);
          expect(offered.kind === 'items' ? offered.items : offered).toEqual(
            shown.kind === 'items' ? shown.items : shown,
          );
          if (offered.kind === 'items') said += offered.items.length;
        }
        kinds.add(server.greeting.kind);
        if (server.usual.kind !== 'none' && server.usual.changes) changed++;
        await page.stop();
        await here.server.close();
      }
      // the histories are such that there is something to compare
      expect(kinds.size).toBeGreaterThan(3);
      expect(said).toBeGreaterThan(300);
      expect(changed).toBeGreaterThan(0);
    },
    60_000,
  );
});

describe('a shop that asks for more before it says something', () => {
  const habit = ordersOf(5);
  const who = { account: 'u_5' };
  const started = (more: ShopSettings): TestServer =>
    startServer({ settings: () => ({ ...settings, holdOut: 0, ...more }) });

  it('says no name, no usual and offers nothing of theirs to a claim, and all of it to a proof', async () => {
    const { server } = started({ reveal: { name: 'verified', taste: 'verified' } });
    const shop = server.shop(SHOP);
    await shop.record(habit);
    const claimed = await shop.greet(who, { locale: 'en' });
    expect(claimed.greeting).not.toMatchObject({
      text: expect.stringContaining('Mária') as string,
    });
    expect(claimed.usual).toEqual({ kind: 'none', reason: 'need-proof' });
    const offered = await shop.recommend(who, { limit: 20 });
    const sources = offered.kind === 'items' ? offered.items.map(({ source }) => source) : [];
    expect(sources).not.toContain('again');
    const sure = await shop.greet(who, { verified: ['account'], locale: 'en' });
    expect(sure.greeting).toMatchObject({ text: expect.stringContaining('Mária') as string });
    expect(sure.usual.kind).not.toBe('none');
    const own = await shop.recommend(who, { verified: ['account'], limit: 20 });
    expect(own.kind === 'items' && own.items.some(({ source }) => source === 'again')).toBe(true);
    expect(own).toMatchObject({ level: 'verified' });
  });

  it('rests on purchases only where the customer, or the shop for them, has said yes to it', async () => {
    for (const [suggest, rests] of [
      ['granted', true],
      ['ask', false],
    ] as const) {
      const { server } = started({ consent: { suggest } });
      const shop = server.shop(SHOP);
      await shop.record(habit);
      const offered = await shop.recommend(who, { verified: ['account'], limit: 20 });
      expect(
        offered.kind === 'items' && offered.items.some(({ source }) => source === 'again'),
      ).toBe(rests);
    }
    const { server } = started({ consent: { suggest: 'denied' } });
    expect(await server.shop(SHOP).recommend(who)).toEqual({ kind: 'none', reason: 'no-consent' });
  });

  it('and whose words, rules and catalog fail is told of it, and speaks', async () => {
    const fails = (): never => {
      throw new Error('of the host');
    };
    const here = started({
      greetingRules: fails,
      messages: { greeting: fails, items: fails, change: fails, evidence: fails },
      messageFormatter: fails,
      catalog: [...catalog, null, { sku: 5 }] as never,
    });
    const shop = here.server.shop(SHOP);
    await shop.record(habit);
    const { greeting } = await shop.greet(who, { verified: ['account'], locale: 'en' });
    const { server } = started({});
    await server.shop(SHOP).record(habit);
    const plain = await server.shop(SHOP).greet(who, { verified: ['account'], locale: 'en' });
    expect(greeting).toMatchObject({ kind: plain.greeting.kind, lang: 'en' });
    const offered = await shop.recommend(who, { verified: ['account'], available: fails });
    expect(offered).toEqual({ kind: 'none', reason: 'nothing' });
    expect(here.errors.length).toBeGreaterThan(2);
  });

  it('reads its model once, and again where it could not be had', async () => {
    let asked = 0;
    const plug = recommender({
      model: () => (++asked === 1 ? Promise.reject(new Error('away')) : Promise.resolve(model)),
    });
    const here = started({ recommend: plug });
    const shop = here.server.shop(SHOP);
    for (let i = 0; i < 4; i++) await shop.recommend(who);
    expect(asked).toBe(2);
    expect(here.errors).toHaveLength(1);
    expect((await shop.recommend({}, { question: 'popular' })).kind).toBe('items');
  });
});
