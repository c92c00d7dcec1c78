import { chooseGreeting } from '../greeting/choose-greeting.js';
import { daypartAt } from '../greeting/daypart.js';
import { reasonText } from '../greeting/explain.js';
import { localeTag } from '../greeting/nearest-locale.js';
import { offerItems, type OfferOptions } from '../greeting/offer-items.js';
import { visitsOf } from '../greeting/refused-items.js';
import { restingGreeting } from '../greeting/resting.js';
import { allergiesOf, resolveToday, withChanges } from '../greeting/today.js';
import type { Greeting, NameSlots, SpeakContext, Usual } from '../greeting/types.js';
import { usualInWords } from '../greeting/usual-in-words.js';
import { decideReveal } from '../identity/reveal-field.js';
import type { EvidenceLevel, Identifiers, IdentifierType, RevealField } from '../identity/types.js';
import { hash32 } from '../kernel/hash.js';
import type { Card, Channel, ConsentPurpose, Place } from '../profile/types.js';
import type { Item, Recommended } from '../recommend/types.js';
import { tokensIn, type Context } from './context.js';
import { cardOfGroup, findOne } from './read-people.js';
import type { ShopHere } from './shop-keys.js';
import { speakingOf, type Speaking } from './speaking.js';

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

/** What may be asked of `recommend`: as in a page. */
export interface OfferContext extends GreetContext, OfferOptions {
  /** Skus in the cart. */
  readonly basket?: readonly string[];
}

/** One offer. */
export interface OfferedItem extends Recommended {
  readonly item?: Item;
  readonly name: string;
  /** The reason in the customer's language. */
  readonly text: string;
  /** What a page that shows it calls it, to `shown` and `accepted`. */
  readonly ref: string;
}

/** What is offered. */
export type Offered =
  | {
      readonly kind: 'items';
      readonly items: readonly OfferedItem[];
      /** How sure it is who they are. While it is not `none`, what is made of this is for nobody else: `Cache-Control: private, no-store`. */
      readonly level: EvidenceLevel;
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
  const isNobody = card.erased === true || consentOf(shop, card, 'remember') === 'denied';
  return isNobody ? { level } : { card, level };
}

/** What holds for a purpose: the customer's own answer, else what the shop says of it. */
function consentOf(
  { settings }: ShopHere,
  card: Card | undefined,
  purpose: ConsentPurpose,
): 'ask' | 'granted' | 'denied' {
  return card?.consent[purpose] ?? settings.consent?.[purpose] ?? 'ask';
}

/** What may be shown of somebody at this level. */
const mayWhole = (level: EvidenceLevel, { settings }: ShopHere, field: RevealField): boolean => {
  const here = { level, mode: 'storefront', greetByNumber: false, givenHere: false } as const;
  const decision = decideReveal(field, here, settings.reveal);
  return decision.ok && !decision.masked;
};

/** What is around a customer, behind the gate. */
function contextOf(
  { card, level }: Met,
  context: GreetContext,
  { clock }: Context,
  shop: ShopHere,
): SpeakContext {
  const { id, settings } = shop;
  const { place, channel = 'web', basket = [] } = context;
  const { currency = settings.currency, timeZone = settings.timeZone } = context;
  const now = clock.now();
  const day = Date.parse(daypartAt(now, timeZone).localDay) / DAY_MS;
  const may = (field: RevealField): boolean => mayWhole(level, shop, field);
  const name = card && may('name') ? namesOf(card, now) : undefined;
  return {
    ...{ now, mode: 'storefront', level, shop: id, channel, basket },
    locale: localeTag(context.locale ?? settings.locale),
    seed: (hash32(card?.id ?? '') + day) >>> 0,
    may: {
      taste: may('taste') && consentOf(shop, card, 'suggest') !== 'denied',
      birthday: may('birthday'),
    },
    ...{ contact: settings.contact, prior: settings.prior },
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

const isPaused = (card: Card, now: number): boolean => factOf(card, 'paused', now) === true;

/** What is said to somebody, by the rules of a page. */
export async function greet(
  context: Context,
  shop: ShopHere,
  who: Identifiers,
  around: GreetContext,
): Promise<Greeted> {
  const { report } = context;
  const met = await meet(context, shop, who, around);
  const { card, level } = met;
  const speaking = contextOf(met, around, context, shop);
  const { now, locale } = speaking;
  const here = speakingOf(shop, context);
  const usual = usualOf(card, speaking, shop, here, report);
  const input = { ...(card && { card }), context: speaking, usual };
  const chosen = chooseGreeting(input, here.rules, here.words(locale));
  chosen.errors.forEach(report);
  const greeting = restingGreeting(card, chosen.greeting.kind, now) ?? chosen.greeting;
  return { greeting, usual, level: card ? level : 'none' };
}

/** What somebody usually has, as far as today's catalog has it. */
function usualOf(
  card: Card | undefined,
  context: SpeakContext,
  shop: ShopHere,
  { goods, words, allWords }: Speaking,
  report: Context['report'],
): Usual {
  const { locale, now, level, currency, seed } = context;
  if (card && isPaused(card, now)) return { kind: 'none', reason: 'dismissed' };
  const usual = usualInWords(card, context, goods.item, words(locale), report);
  if (usual.kind === 'none') return usual;
  const allergies = card && mayWhole(level, shop, 'sensitive') ? allergiesOf(card, now) : [];
  const { referrals = [] } = shop.settings;
  const today = resolveToday(usual.lines, usual.ask, goods, {
    ...{ locale, currency, report, messages: allWords(locale) },
    shop: { items: goods.items(), complete: goods.complete(), referrals, allergies, seed },
  });
  return withChanges(usual, today);
}

/** What is offered to somebody, by the rules of a page. */
export async function recommend(
  context: Context,
  shop: ShopHere,
  who: Identifiers,
  around: OfferContext,
): Promise<Offered> {
  const here = speakingOf(shop, context);
  const engine = await here.engine();
  if (!engine) return { kind: 'none', reason: 'not-configured' };
  const met = await meet(context, shop, who, around);
  const { card, level } = met;
  const suggest = consentOf(shop, card, 'suggest');
  if (suggest === 'denied') return { kind: 'none', reason: 'no-consent' };
  // first it is put right, then there is something to offer again
  if (card?.issues.some(({ state }) => state === 'open'))
    return { kind: 'none', reason: 'nothing' };
  const speaking = contextOf(met, around, context, shop);
  const { now, may } = speaking;
  const { goods } = here;
  const speaks = suggest === 'granted' && may.taste;
  const offered = offerItems(
    engine,
    {
      ...{ card, context: speaking, goods, report: context.report },
      visits: card && speaks && !isPaused(card, now) ? visitsOf(goods, card) : [],
      allergies: () => (card && mayWhole(level, shop, 'sensitive') ? allergiesOf(card, now) : []),
    },
    around,
  );
  if (offered.length === 0) return { kind: 'none', reason: 'nothing' };
  const messages = here.allWords(speaking.locale);
  const items = offered.map((one) => present(one, card, goods, messages));
  return { kind: 'items', items, level: card ? level : 'none' };
}

/** An offer with its item, name and reason. */
function present(
  one: Recommended,
  card: Card | undefined,
  goods: Speaking['goods'],
  messages: ReturnType<Speaking['allWords']>,
): OfferedItem {
  const item = goods.item(one.sku);
  const nameOf = (sku: string): string =>
    goods.item(sku)?.name ?? card?.items.find((known) => known.sku === sku)?.name ?? sku;
  return {
    ...one,
    ...(item && { item }),
    name: nameOf(one.sku),
    text: reasonText(one, nameOf, messages),
    ref: `i:${one.sku}`,
  };
}
