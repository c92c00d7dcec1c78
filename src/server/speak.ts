import { chooseGreeting } from '../greeting/choose-greeting.js';
import { createMessages } from '../greeting/create-messages.js';
import { daypartAt } from '../greeting/daypart.js';
import { defaultGreetingRules } from '../greeting/default-rules.js';
import { reasonText } from '../greeting/explain.js';
import { findUsual } from '../greeting/find-usual.js';
import { en } from '../greeting/locales/en.js';
import type { Messages } from '../greeting/messages.js';
import { nearestLocale } from '../greeting/nearest-locale.js';
import { refusedItems, visitsOf } from '../greeting/refused-items.js';
import { restingGreeting } from '../greeting/resting.js';
import type { Greeting, NameSlots, SpeakContext, Usual } from '../greeting/types.js';
import { decideReveal } from '../identity/reveal-field.js';
import type { EvidenceLevel, Identifiers, IdentifierType, RevealField } from '../identity/types.js';
import { hash32 } from '../kernel/hash.js';
import type { Card, Channel, Place } from '../profile/types.js';
import type { Item, Recommended, RecommendSource } from '../recommend/types.js';
import { tokensIn, type Context } from './context.js';
import { cardOfGroup, findOne } from './read-people.js';
import type { ShopHere } from './shop-keys.js';

const DAY_MS = 86_400_000;

/** Where, and to whom, something is said. */
export interface GreetContext {
  /** Which of the identifiers the host has checked: a session, a confirmed address. @defaultValue none: they are claims */
  readonly verified?: readonly IdentifierType[];
  /** BCP 47. @defaultValue the shop's */
  readonly locale?: string;
  /** IANA zone of the customer. @defaultValue the shop's */
  readonly timeZone?: string;
  /** ISO 4217 */
  readonly currency?: string;
  readonly place?: Place;
  /** @defaultValue 'web' */
  readonly channel?: Channel;
  /** Skus in the cart. */
  readonly basket?: readonly string[];
}

/** What is to be said to somebody. */
export interface Greeted {
  readonly greeting: Greeting;
  readonly usual: Usual;
  /** How sure it is who they are. While it is not `none`, what is made of this is for nobody else: `Cache-Control: private, no-store`. */
  readonly level: EvidenceLevel;
}

/** What may be asked of `recommend`. */
export interface OfferContext extends GreetContext {
  /** @defaultValue 4 */
  readonly limit?: number;
  /** @defaultValue all */
  readonly kinds?: readonly RecommendSource[];
  readonly exclude?: readonly string[];
  /** Share of things never bought, 0–1. @defaultValue by score alone */
  readonly newShare?: number;
}

/** What is offered. */
export type Offered =
  | {
      readonly kind: 'items';
      readonly items: readonly (Recommended & {
        readonly item?: Item;
        readonly name: string;
        readonly text: string;
      })[];
    }
  | {
      readonly kind: 'none';
      readonly reason: 'not-configured' | 'no-consent' | 'nothing';
    };

/** Somebody, as far as it may be spoken of them. */
interface Met {
  readonly card?: Card;
  readonly level: EvidenceLevel;
}

/** Whom identifiers lead to: by those that were checked, else by all. Who said no to being remembered is nobody. */
async function meet(
  { database }: Context,
  shop: ShopHere,
  who: Identifiers,
  { verified = [] }: GreetContext,
): Promise<Met> {
  const normal = Object.entries(who).flatMap(([type, value]) => shop.normal(type, value) ?? []);
  const checked = normal.filter(({ type }) => verified.includes(type));
  const level = checked.length > 0 ? 'verified' : normal.length > 0 ? 'claimed' : 'none';
  const tokens = await tokensIn(shop, checked.length > 0 ? checked : normal);
  const found = await findOne(database, shop, tokens);
  if (!found) return { level };
  const card = await cardOfGroup(database, shop.id, found.people, found.group);
  return card.erased === true || card.consent.remember === 'denied' ? { level } : { card, level };
}

/** What is around a customer, behind the gate. */
function contextOf(
  { card, level }: Met,
  context: GreetContext,
  { clock }: Context,
  { id, settings }: ShopHere,
): SpeakContext {
  const { locale = settings.locale ?? 'en', currency, place, channel = 'web', basket } = context;
  const timeZone = context.timeZone ?? settings.timeZone;
  const now = clock.now();
  const day = Date.parse(daypartAt(now, timeZone).localDay) / DAY_MS;
  const gate = (field: RevealField): ReturnType<typeof decideReveal> =>
    decideReveal(
      field,
      { level, mode: 'storefront', greetByNumber: false, givenHere: false },
      settings.reveal,
    );
  const name = card && gate('name').ok ? namesOf(card, now) : undefined;
  const birthday = gate('birthday');
  return {
    ...{ now, locale, mode: 'storefront', level, shop: id, channel },
    seed: (hash32(card?.id ?? '') + day) >>> 0,
    may: {
      taste: gate('taste').ok && card?.consent.suggest !== 'denied',
      birthday: birthday.ok && !birthday.masked,
    },
    ...(basket && { basket }),
    ...(timeZone !== undefined && { timeZone }),
    ...(currency !== undefined && { currency }),
    ...(place && { place }),
    ...(name && { name }),
  };
}

/** What is known under a key, unless its time is over. */
const factOf = ({ facts }: Card, key: string, now: number): unknown => {
  const fact = facts[key];
  return now >= Number(fact?.expiresAt) ? undefined : fact?.value;
};

function namesOf(card: Card, now: number): NameSlots | undefined {
  const names: { -readonly [K in keyof NameSlots]: NameSlots[K] } = {};
  for (const key of ['given', 'family', 'title', 'display'] as const) {
    const value = factOf(card, `name.${key}`, now);
    if (typeof value === 'string') names[key] = value;
  }
  return (names.given ?? names.family ?? names.display) ? names : undefined;
}

const made = new WeakMap<object, Messages>();

function wordsIn({ settings }: ShopHere, tag: string): Messages {
  const locale = nearestLocale(settings.locales ?? [], tag);
  if (!locale) return en;
  if (!('words' in locale)) return locale;
  const messages = made.get(locale) ?? createMessages(locale);
  made.set(locale, messages);
  return messages;
}

const itemIn =
  ({ settings: { catalog = [] } }: ShopHere) =>
  (sku: string): Item | undefined =>
    catalog.find((item) => item.sku === sku || item.aliases?.includes(sku));

/** What is said to somebody, by the rules of a page. */
export async function greet(
  context: Context,
  shop: ShopHere,
  who: Identifiers,
  around: GreetContext,
): Promise<Greeted> {
  const met = await meet(context, shop, who, around);
  const { card, level } = met;
  const speaking = contextOf(met, around, context, shop);
  const messages = wordsIn(shop, speaking.locale);
  const isPaused = card !== undefined && factOf(card, 'paused', speaking.now) === true;
  const usual: Usual = isPaused
    ? { kind: 'none', reason: 'dismissed' }
    : findUsual(card, speaking, itemIn(shop), { messages });
  const input = { ...(card && { card }), context: speaking, usual };
  const chosen = chooseGreeting(input, defaultGreetingRules, messages);
  chosen.errors.forEach(context.report);
  const greeting = restingGreeting(card, chosen.greeting.kind, speaking.now) ?? chosen.greeting;
  return { greeting, usual, level: card ? level : 'none' };
}

/** What is offered to somebody, by the rules of a page. */
export async function recommend(
  context: Context,
  shop: ShopHere,
  who: Identifiers,
  around: OfferContext,
): Promise<Offered> {
  const { catalog, recommend: plug } = shop.settings;
  if (!plug) return { kind: 'none', reason: 'not-configured' };
  const met = await meet(context, shop, who, around);
  const { card } = met;
  if (card?.consent.suggest === 'denied') return { kind: 'none', reason: 'no-consent' };
  // first it is put right, then there is something to offer again
  if (card?.issues.some(({ state }) => state === 'open'))
    return { kind: 'none', reason: 'nothing' };
  const speaking = contextOf(met, around, context, shop);
  const { now, timeZone, may, basket } = speaking;
  const item = itemIn(shop);
  const { engine, error } = await plug.load(catalog);
  if (error !== undefined) context.report(error);
  const speaks =
    card?.consent.suggest === 'granted' && may.taste && factOf(card, 'paused', now) !== true;
  const visits = card && speaks ? visitsOf({ item }, card) : [];
  const own = new Set(visits.flatMap(({ items }) => items));
  const refused = refusedItems({ item, items: () => catalog ?? [] }, card, now, own);
  const offered = engine.recommend(engine.history(visits), {
    now,
    limit: Math.max(0, Math.min(100, Math.floor(around.limit ?? 4))),
    exclude: [...(around.exclude ?? []), ...refused.exclude],
    avoid: refused.avoid,
    available: (sku) => {
      const known = item(sku);
      return known ? known.available !== false : catalog === undefined;
    },
    ...(basket && { basket }),
    ...(timeZone !== undefined && { timeZone }),
    ...(around.kinds && { kinds: around.kinds }),
    ...(around.newShare !== undefined && { newShare: around.newShare }),
  });
  if (offered.length === 0) return { kind: 'none', reason: 'nothing' };
  return { kind: 'items', items: inWords(offered, card, shop, speaking.locale) };
}

/** Offers with their items, names and reasons. */
function inWords(
  offered: readonly Recommended[],
  card: Card | undefined,
  shop: ShopHere,
  locale: string,
): Extract<Offered, { readonly kind: 'items' }>['items'] {
  const item = itemIn(shop);
  const messages = wordsIn(shop, locale);
  const nameOf = (sku: string): string =>
    item(sku)?.name ?? card?.items.find((known) => known.sku === sku)?.name ?? sku;
  return offered.map((one) => {
    const known = item(one.sku);
    return {
      ...one,
      ...(known && { item: known }),
      name: nameOf(one.sku),
      text: reasonText(one, nameOf, messages),
    };
  });
}
