import { stampMs } from '../kernel/stamp.js';
import { RegularsError } from '../kernel/errors.js';
import { plainText } from '../kernel/text.js';
import { VISIT_MS } from '../profile/visit-hours.js';
import type { Card } from '../profile/types.js';
import { daypartAt } from './daypart.js';
import { everybody, everydayRules } from './everyday-rules.js';
import { isHeldOut } from './is-held-out.js';
import { usableName } from './name.js';
import type {
  Evidence,
  GreetingChoice,
  GreetingInput,
  GreetingKind,
  GreetingRule,
  OccasionSlots,
  SpeakContext,
} from './types.js';

const DAY_MS = 86_400_000;
/** One stay: the same words stay in it (product rule D8). */
const STAY_MS = 30 * 60_000;

type Issue = Card['issues'][number];

/** What an exposure of a greeting is counted under, beside the skus of offers. */
export const exposureOf = (kind: GreetingKind | 'held-out'): string => `greeting:${kind}`;

/** True when it was said in an earlier stay since `since`: once is enough. */
function wasSaid(card: Card, kind: GreetingKind, now: number, since: number): boolean {
  const { lastAt = -Infinity } = card.exposures[exposureOf(kind)] ?? {};
  return lastAt >= since && now - lastAt > STAY_MS;
}

/** When it was put right. */
const settledAt = ({ at, stamp }: Issue): number => Math.max(at, stampMs(stamp));

/** Who handles it, and how to reach them; the day only where nobody looks over a shoulder. */
function issueSlots({ at, owner }: Issue, context: SpeakContext): OccasionSlots {
  const staff = usableName(owner);
  const contact = plainText(context.contact ?? '', 80);
  const isFresh = context.now >= at && context.now - at < 6 * DAY_MS;
  return {
    ...(staff !== undefined && { staff }),
    ...(contact && { contact }),
    ...(isFresh && context.mode === 'storefront' && { weekday: weekdayOf(at, context) }),
  };
}

const localDay = (ms: number, { timeZone }: SpeakContext): number =>
  Date.parse(daypartAt(ms, timeZone).localDay);

const weekdayOf = (ms: number, context: SpeakContext): NonNullable<OccasionSlots['weekday']> =>
  new Date(localDay(ms, context)).getUTCDay() as NonNullable<OccasionSlots['weekday']>;

/** Something is wrong and not settled: nothing else is said, whatever there is to celebrate. */
function recovery({ card, context }: GreetingInput): GreetingChoice | undefined {
  const issue = card?.issues.find(({ state }) => state === 'open');
  if (!card || !issue) return undefined;
  const { at } = issue;
  const isDenied = card.dismissals.some(
    ({ reason, target, at: until }) =>
      reason === 'wrong' &&
      target.kind === 'greeting' &&
      target.greeting === 'recovery' &&
      until >= at,
  );
  if (context.may.issues === false || isDenied) return everybody;
  return {
    kind: 'recovery',
    because: [{ kind: 'issue', issue: issue.issue, state: 'open', at }],
    slots: issueSlots(issue, context),
  };
}

/** Put right within the last 30 days, and not here since: one line, once. */
function followUp({ card, context }: GreetingInput): GreetingChoice | undefined {
  const { now } = context;
  const issue = card?.issues.find((one) => {
    const at = settledAt(one);
    return one.state === 'resolved' && at <= now && now - at <= 30 * DAY_MS;
  });
  if (!card || !issue || context.may.issues === false) return undefined;
  const at = settledAt(issue);
  if ((card.visitTimes[0] ?? -Infinity) > at || wasSaid(card, 'follow-up', now, at))
    return undefined;
  return {
    kind: 'follow-up',
    because: [{ kind: 'issue', issue: issue.issue, state: 'resolved', at }],
  };
}

/** What is known under a key, unless its time is over. */
function factEvidence(
  card: Card | undefined,
  key: string,
  now: number,
): { readonly fact: Card['facts'][string]; readonly evidence: Evidence } | undefined {
  const fact = card?.facts[key];
  if (!fact || now >= Number(fact.expiresAt)) return undefined;
  const { source, at, record } = fact;
  return { fact, evidence: { kind: 'fact', key, source, at, record } };
}

/** The customer only looks around: the fact `paused`, until it ends or is removed. */
function paused({ card, context }: GreetingInput): GreetingChoice | undefined {
  const said = factEvidence(card, 'paused', context.now);
  return said?.fact.value === true ? { kind: 'neutral', because: [said.evidence] } : undefined;
}

/**
 * Three days around the day that the customer gave for being greeted: their own word, for the purpose `remember`, never an import's.
 * Who was born on 29 February has one each year: in the others it falls on 1 March, and three days before are February.
 */
function birthday({ card, context }: GreetingInput): GreetingChoice | undefined {
  const { now } = context;
  const said = context.may.birthday ? factEvidence(card, 'birthday', now) : undefined;
  const value = said?.fact.value;
  const [, month, day] = (typeof value === 'string' && /^(\d\d)-(\d\d)$/.exec(value)) || [];
  if (!card || !said || day === undefined) return undefined;
  if (said.fact.source !== 'customer' || said.fact.purpose !== 'remember') return undefined;
  const today = localDay(now, context);
  const year = new Date(today).getUTCFullYear();
  const isNear = [year - 1, year, year + 1].some(
    (one) => Math.abs(Date.UTC(one, Number(month) - 1, Number(day)) - today) <= 3 * DAY_MS,
  );
  return isNear && !wasSaid(card, 'birthday', now, now - 8 * DAY_MS)
    ? { kind: 'birthday', because: [said.evidence] }
    : undefined;
}

/** The coming visit, or the one that has just been paid for, is a round one. */
function milestone({ card, context }: GreetingInput): GreetingChoice | undefined {
  if (!card) return undefined;
  const { now, place } = context;
  const here = place?.id ?? place?.name ?? '';
  const isOpen = card.openVisits?.some(
    (visit) => visit.place === here && now - visit.at <= VISIT_MS,
  );
  const ordinal = card.paidVisits + (isOpen ? 0 : 1);
  const isRound = ordinal === 10 || ordinal === 25 || (ordinal > 0 && ordinal % 50 === 0);
  return isRound && !wasSaid(card, 'milestone', now, card.visitTimes[0] ?? now)
    ? { kind: 'milestone', because: [{ kind: 'milestone', ordinal }], slots: { ordinal } }
    : undefined;
}

/** True when the customer has called it wrong, and nothing newer speaks for it. */
function isRefuted({ card }: GreetingInput, { kind, because }: GreetingChoice): boolean {
  return (
    card?.dismissals.some(
      ({ reason, target, at }) =>
        reason === 'wrong' &&
        target.kind === 'greeting' &&
        target.greeting === kind &&
        !because.some((piece) => 'at' in piece && piece.at > at),
    ) === true
  );
}

const KINDS: ReadonlySet<unknown> = new Set<GreetingKind>([
  ...(['recovery', 'follow-up', 'birthday', 'milestone', 'lapsed'] as const),
  ...(['regular', 'returning', 'first', 'neutral'] as const),
]);

/** What words may be filled with, of what a rule of a host in plain JavaScript gives. */
function soundSlots(given: { readonly [K in keyof OccasionSlots]?: unknown }): OccasionSlots {
  const { ordinal, staff, contact, weekday } = given;
  const label = usableName(typeof staff === 'string' ? staff : undefined);
  const way = typeof contact === 'string' && plainText(contact, 80);
  return {
    ...(Number.isSafeInteger(ordinal) && Number(ordinal) > 0 && { ordinal: Number(ordinal) }),
    ...(label !== undefined && { staff: label }),
    ...(way && { contact: way }),
    ...([0, 1, 2, 3, 4, 5, 6].includes(weekday as number) && {
      weekday: weekday as NonNullable<OccasionSlots['weekday']>,
    }),
  };
}

/** What a rule gave, as far as it can be said and explained; throws where nothing of it can. */
function sound(rule: string, { kind, because, slots }: GreetingChoice): GreetingChoice {
  const filled = soundSlots(slots ?? {});
  const isWhole = kind !== 'milestone' || filled.ordinal !== undefined;
  if (!KINDS.has(kind) || !Array.isArray(because) || !isWhole)
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      `greetingRules: "${rule}" must give a kind of greeting and what it rests on, a milestone its ordinal, or undefined.`,
    );
  return {
    kind,
    because: (because as readonly (Evidence | null | undefined)[]).flatMap((one) => one ?? []),
    ...(slots && { slots: filled }),
  };
}

/** A rule that lets the next one speak where the customer has called its kind of greeting wrong. */
export function refutable({ name, choose }: GreetingRule): GreetingRule {
  return {
    name,
    choose: (input) => {
      const given = choose(input);
      const choice = given && sound(name, given);
      return choice && isRefuted(input, choice) ? undefined : choice;
    },
  };
}

/** Drawn by lot to be greeted plainly; what went wrong was said before. */
function heldOut(share: number): GreetingRule {
  return {
    name: 'held-out',
    choose: ({ card }) =>
      card && isHeldOut(card.id, share)
        ? { kind: 'neutral', because: [{ kind: 'held-out' }] }
        : undefined,
  };
}

/**
 * The rules of product.md D3, in their order: the first that gives something speaks. With a share above 0, so many customers are
 * greeted plainly (`isHeldOut`).
 */
export function rulesWith(holdOut: number): readonly GreetingRule[] {
  const [unknown, ...others] = everydayRules;
  return [
    ...(unknown ? [unknown] : []),
    { name: 'recovery', choose: recovery },
    { name: 'follow-up', choose: followUp },
    ...(holdOut > 0 ? [heldOut(holdOut)] : []),
    { name: 'paused', choose: paused },
    { name: 'birthday', choose: birthday },
    { name: 'milestone', choose: milestone },
    ...others,
  ].map(refutable);
}

/** The rules of product.md D3, in their order: the first that gives something speaks. */
export const defaultGreetingRules: readonly GreetingRule[] = rulesWith(0);
