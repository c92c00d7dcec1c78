import * as z from 'zod/mini';
import type { Json } from '../kernel/json.js';
import type { Fields } from '../kernel/schema.js';
import { isStamp, type Stamp } from '../kernel/stamp.js';
import { isJson, isOlderPurchase } from './check-parts.js';
import type {
  Card,
  CardLink,
  CardPurchase,
  ConsentData,
  ConsentPurpose,
  DismissalData,
  ExposureCounts,
  FactData,
  FoldState,
  HeldLink,
  ItemStatistics,
  LinkData,
  Modifier,
  OlderData,
  OlderPurchase,
  Place,
  ProfileRecord,
  Purchase,
  PurchaseLine,
  RecordData,
  RecordKind,
  RecordOf,
  Stamped,
  UnknownRecord,
} from './types.js';

// zod would try `new Function`, which a strict content security policy reports
z.config({ jitless: true });

const optional = z.exactOptional;
const text = z.string();
const time = z.number();
const count = z.number();
const texts = z.array(text);
const by = optional(text);
const stamp = z.custom<Stamp>(isStamp);
const json = z.custom<Json>(isJson);

/** Maps with keys from outside: built so that a key `__proto__` is a key like any other. */
function mapOf<T>(value: z.ZodMiniType<T>): z.ZodMiniType<{ readonly [key: string]: T }> {
  return z.pipe(
    z.custom<object>((map) => typeof map === 'object' && map !== null && !Array.isArray(map)),
    z.transform((map, context) => {
      const entries: [string, T][] = [];
      for (const [key, part] of Object.entries(map)) {
        const parsed = value.safeParse(part);
        if (parsed.success) entries.push([key, parsed.data]);
        else context.issues.push({ code: 'custom', message: 'Invalid entry.', input: part });
      }
      return Object.fromEntries(entries);
    }),
  );
}

function byPurpose<T>(
  value: z.ZodMiniType<T>,
): z.ZodMiniType<{ readonly [key in ConsentPurpose]?: T }> {
  const part = optional(value);
  return z.object({ remember: part, suggest: part, measure: part, health: part, share: part });
}

const channel = z.enum(['web', 'app', 'kiosk', 'pos', 'phone', 'unknown']);
const purpose = z.enum(['remember', 'suggest', 'measure', 'health', 'share']);
const answer = z.enum(['granted', 'denied']);
const level = z.enum(['none', 'device', 'claimed', 'verified']);

const place = z.object({
  id: optional(text),
  name: optional(text),
  table: optional(text),
} satisfies Fields<Place>);
const modifier = z.object({
  group: optional(text),
  id: optional(text),
  name: text,
  quantity: count,
  pre: optional(text),
  unitPrice: optional(z.int()),
  under: optional(text),
} satisfies Fields<Modifier>);
const good = { sku: z.nullable(text), name: text, category: optional(text) };
const line = z.object({
  ...good,
  quantity: count,
  unitPrice: z.nullable(z.int()),
  modifiers: z.array(modifier),
  note: optional(text),
  seat: optional(count),
  refundedQuantity: optional(count),
} satisfies Fields<PurchaseLine>);
const purchaseFields = {
  id: text,
  at: time,
  status: z.enum(['paid', 'open', 'partially_refunded', 'refunded', 'cancelled']),
  lines: z.array(line),
  total: z.nullable(z.int()),
  currency: z.nullable(text),
  place: optional(place),
  channel,
  gift: optional(z.boolean()),
  refs: optional(texts),
  revision: optional(count),
} satisfies Fields<Purchase>;

const factFields = {
  key: text,
  value: json,
  at: time,
  source: z.enum(['customer', 'host', 'import', 'staff']),
  purpose,
  expiresAt: optional(time),
  staffOnly: optional(z.literal(true)),
  level: optional(level),
} satisfies Fields<FactData>;
const linkFields = {
  type: text,
  token: text,
  level,
  method: text,
  at: time,
  unproved: optional(z.boolean()),
  reason: optional(text),
  since: optional(time),
  same: by,
} satisfies Fields<LinkData>;
const issueFields = {
  issue: text,
  at: time,
  what: text,
  state: z.enum(['open', 'resolved']),
  owner: optional(text),
} satisfies Fields<RecordData['issue']>;
const reason = z.enum(['gift', 'not-now', 'stop', 'wrong']);
const dismissal = z.object({
  at: time,
  reason,
  target: z.union([
    z.object({ kind: z.literal('greeting'), greeting: text }),
    z.object({ kind: z.literal('item'), sku: text, category: optional(text) }),
    z.object({ kind: z.literal('usual'), skus: texts }),
  ]),
} satisfies Fields<DismissalData>);
const counts = z.object({
  shown: count,
  accepted: count,
  ignored: count,
  viewed: count,
} satisfies Fields<ExposureCounts>);

const purchase = z.object(purchaseFields);
const refund = z.object({
  purchase: text,
  at: time,
  lines: optional(z.array(z.object({ sku: text, quantity: count }))),
} satisfies Fields<RecordData['refund']>);
const visit = z.object({ at: time, place: optional(place), channel } satisfies Fields<
  RecordData['visit']
>);
const fact = z.object(factFields);
const link = z.object(linkFields);
const unlink = z.object({ link: text, reason: optional(text) } satisfies Fields<
  RecordData['unlink']
>);
const consent = z.object({
  purpose,
  answer,
  at: time,
  replaces: texts,
} satisfies Fields<ConsentData>);
const issue = z.object(issueFields);
const reply = z.object({ question: text, at: time, value: json } satisfies Fields<
  RecordData['answer']
>);
const exposure = z.object({ visit: text, at: time, items: mapOf(counts) } satisfies Fields<
  RecordData['exposure']
>);
const attestation = z.object({ at: time, staff: text, method: text } satisfies Fields<
  RecordData['attestation']
>);
const access = z.object({
  at: time,
  staff: text,
  fields: texts,
  why: optional(text),
} satisfies Fields<RecordData['access']>);
const erasure = z.object({ at: time, subjects: texts, purchases: texts } satisfies Fields<
  RecordData['erasure']
>);

function stamped<T>(data: z.ZodMiniType<T>): z.ZodMiniType<{
  readonly [key: string]: Stamped<T>;
}> {
  return mapOf<Stamped<T>>(z.object({ stamp, data, record: text } satisfies Fields<Stamped<T>>));
}

const sum = { shown: count, accepted: count, lastAt: time };
const sums = mapOf(z.object({ ...sum, ignored: optional(count), restedAt: optional(time) }));
const older = z.object({
  revision: count,
  delivered: count,
  records: text,
  purchases: z.array(z.custom<OlderPurchase>(isOlderPurchase)),
  goods: z.array(z.object(good)),
  places: texts,
  exposureKeys: text,
  exposures: sums,
} satisfies Fields<OlderData>);
const state = z.object({
  purchases: stamped<Purchase>(purchase),
  refunds: stamped<RecordData['refund']>(refund),
  visits: stamped<RecordData['visit']>(visit),
  facts: mapOf(z.object({ stamp, data: fact, record: text, corrected: z.boolean() })),
  links: mapOf(z.object({ stamp, data: link, record: text, subject: text, by })),
  unlinks: mapOf(z.object({ stamp, data: unlink, record: text, by })),
  consents: stamped<ConsentData>(consent),
  issues: stamped<RecordData['issue']>(issue),
  answers: stamped<RecordData['answer']>(reply),
  dismissals: stamped<DismissalData>(dismissal),
  exposures: stamped<RecordData['exposure']>(exposure),
  attestations: stamped<RecordData['attestation']>(attestation),
  accesses: stamped<RecordData['access']>(access),
  erasures: stamped<RecordData['erasure']>(erasure),
  older: optional(stamped<OlderData>(older)),
  since: optional(stamp),
} satisfies Fields<FoldState>);

const dataSchemas = {
  purchase,
  refund,
  visit,
  fact,
  correction: fact,
  link,
  unlink,
  consent,
  issue,
  answer: reply,
  dismissal,
  exposure,
  attestation,
  access,
  erasure,
  base: z.object({ through: z.int(), state } satisfies Fields<RecordData['base']>),
} satisfies { readonly [K in RecordKind]: z.ZodMiniType<RecordData[K]> };

const envelope = z.object({
  id: text,
  shop: text,
  subject: text,
  kind: text,
  stamp,
  by: text,
  data: z.unknown(),
} satisfies Fields<Omit<RecordOf<'visit'>, 'kind' | 'data'> & { kind: string; data: unknown }>);

const cardLinkFields = { ...linkFields, record: text, subject: text } satisfies Fields<CardLink>;
const held = z.enum(['two-people', 'shared', 'limit', 'cap']);
const heldLink = z.object({ ...cardLinkFields, held } satisfies Fields<HeldLink>);
const card = z.object({
  id: text,
  subjects: texts,
  facts: mapOf(z.object({ ...factFields, record: text, corrected: optional(z.literal(true)) })),
  consent: byPurpose<'granted' | 'denied'>(answer),
  consentRecords: byPurpose<readonly string[]>(texts),
  links: z.array(z.object(cardLinkFields)),
  heldLinks: optional(z.array(heldLink)),
  purchases: z.array(
    z.object({
      ...purchaseFields,
      unproved: optional(z.boolean()),
      givenStatus: optional(purchaseFields.status),
    } satisfies Fields<CardPurchase>),
  ),
  olderPurchases: count,
  items: z.array(
    z.object({
      ...good,
      sku: text,
      purchases: count,
      quantity: count,
      firstAt: time,
      lastAt: time,
    } satisfies Fields<ItemStatistics>),
  ),
  olderItems: optional(count),
  visitTimes: z.array(time),
  paidVisits: count,
  openVisits: optional(z.array(z.object({ at: time, place: text }))),
  seen: optional(text),
  stamp: optional(stamp),
  issues: z.array(z.object({ ...issueFields, stamp })),
  dismissals: z.array(dismissal),
  exposures: sums,
  erased: optional(z.literal(true)),
  trimmed: optional(z.literal(true)),
  partial: optional(z.literal(true)),
} satisfies Fields<Card>);

/** A record from outside: of a kind we know with the right data, or of an unknown kind as it came; undefined for what is no record. */
export function parseRecord(value: unknown): ProfileRecord | UnknownRecord | undefined {
  const parsed = envelope.safeParse(value);
  if (!parsed.success) return undefined;
  const { kind } = parsed.data;
  if (!Object.hasOwn(dataSchemas, kind)) return parsed.data;
  const data = dataSchemas[kind as RecordKind].safeParse(parsed.data.data);
  return data.success ? { ...parsed.data, data: data.data } : undefined;
}

/** A card from outside; undefined for what is none. */
export function parseCard(value: unknown): Card | undefined {
  const parsed = card.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
