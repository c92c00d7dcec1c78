import type { Revealed } from '../identity/types.js';
import type { Json } from '../kernel/json.js';
import { minorDigits } from '../kernel/money.js';
import { atStart } from './known-words.js';
import type { Known, KnownDerived } from './known-types.js';

/** A table of the page; what the level may not see has its need instead of rows. */
export type Table = readonly [caption: string, heads: readonly string[], rows: Revealed<Rows>];

type Cell = string | number | null | undefined;
/** Rows of cells, each a text to be escaped. */
export type Rows = readonly (readonly Cell[])[];

/** How values are written in the page's language. */
interface Pen {
  readonly say: (text: string) => string;
  readonly day: (ms: number | null | undefined) => string;
  readonly price: (total: number | null, currency: string | null) => string;
}

function penOf(say: Pen['say'], locale: string, timeZone: string | undefined): Pen {
  const attempt = (write: () => string, otherwise: string): string => {
    try {
      return write();
    } catch {
      return otherwise; // a time, zone, currency or language that nobody knows
    }
  };
  const zone = timeZone === undefined ? {} : { timeZone };
  return {
    say,
    day: (ms) =>
      typeof ms !== 'number'
        ? ''
        : attempt(
            () =>
              new Intl.DateTimeFormat(locale, {
                ...{ dateStyle: 'medium', timeStyle: 'short' },
                ...zone,
              }).format(ms),
            '?',
          ),
    price: (total, currency) =>
      total === null
        ? ''
        : attempt(
            () =>
              new Intl.NumberFormat(locale, { style: 'currency', currency: currency ?? '' }).format(
                total / 10 ** minorDigits(currency ?? ''),
              ),
            String(total),
          ),
  };
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function rows<T>(part: Revealed<readonly T[]>, row: (one: T) => readonly Cell[]): Revealed<Rows> {
  return part.ok ? { ok: true, value: part.value.map(row) } : part;
}

const all = <T>(value: readonly T[], row: (one: T) => readonly Cell[]): Revealed<Rows> =>
  rows({ ok: true, value }, row);

/** What something is besides: removed, unproved, held for a reason, replaced. */
function marksOf({ say }: Pen, ...marks: readonly (string | false | undefined)[]): string {
  return marks.flatMap((mark) => (mark ? [say(mark)] : [])).join(', ');
}

/** Everything known, as tables in the page's words. */
export function tablesOf(
  known: Known,
  say: (text: string) => string,
  locale: string,
  timeZone: string | undefined,
): readonly Table[] {
  const pen = penOf(say, locale, timeZone);
  return [
    ...toldTables(known, pen),
    ...boughtTables(known, pen),
    ...loggedTables(known, pen),
    ...staffTables(known, pen),
  ];
}

function toldTables(known: Known, pen: Pen): readonly Table[] {
  const { say, day } = pen;
  return [
    [
      'Facts',
      ['What', 'Value', 'Source', 'Since', 'Until', 'Purpose'],
      all(known.facts, ({ key, value, corrected, source, at, expiresAt, purpose, staffOnly }) => [
        ...[
          atStart(say(key)),
          textOf(value),
          marksOf(pen, corrected && 'corrected', source, staffOnly && 'staff only'),
        ],
        ...[day(at), day(expiresAt), say(purpose)],
      ]),
    ],
    [
      'Your choices',
      ['Purpose', 'Answer'],
      all(Object.entries(known.consent), (choice) => choice.map(say)),
    ],
    [
      'Your answers to that',
      ['Purpose', 'Answer', 'When', 'Now'],
      rows(known.consents, ({ purpose, answer, at, replaced }) => [
        ...[say(purpose), say(answer), day(at), marksOf(pen, replaced && 'replaced')],
      ]),
    ],
    [
      'Identifiers',
      ['What', 'Proof', 'How', 'Since', 'By', 'Now'],
      rows(known.links, ({ type, level, method, at, by, removed, unproved, held }) => [
        ...[say(type), say(level), say(method), day(at), by],
        marksOf(pen, removed && 'removed', unproved && 'unproved', held),
      ]),
    ],
  ];
}

function boughtTables(known: Known, pen: Pen): readonly Table[] {
  const { say, day, price } = pen;
  const { olderPurchases, derived } = known;
  return [
    [
      'Orders',
      ['When', 'What', 'Total', 'State', 'Where', 'Now'],
      rows(known.purchases, ({ at, lines, total, currency, status, place, removed, unproved }) => [
        day(at),
        lines
          .map(({ quantity, name, modifiers }) =>
            [`${quantity} × ${name}`, ...modifiers.map((one) => one.name)].join(', '),
          )
          .join('; '),
        ...[price(total, currency), say(status), place?.name ?? place?.id],
        marksOf(pen, removed && 'removed', unproved && 'unproved'),
      ]),
    ],
    [
      'Earlier orders that are only counted',
      ['How many'],
      olderPurchases.ok ? all([olderPurchases.value], (count) => [count]) : olderPurchases,
    ],
    [
      'Items',
      ['What', 'Orders', 'First', 'Last'],
      rows(known.items, ({ name, purchases, firstAt, lastAt }) => [
        ...[name, purchases, day(firstAt), day(lastAt)],
      ]),
    ],
    [
      'Worked out from that',
      ['What', 'Value', 'Because'],
      derived.ok ? { ok: true, value: derivedRows(derived.value, pen) } : derived,
    ],
  ];
}

function derivedRows({ paidVisits, usual, recommendations }: KnownDerived, { say }: Pen): Rows {
  return [
    [say('Paid visits'), paidVisits, ''],
    ...(usual
      ? [[say('The usual'), `${usual.items.join(', ')} (${usual.share})`, usual.why?.text]]
      : []),
    ...recommendations.map(({ name, score, text }) => [
      ...[say('Suggestion'), `${name} (${score})`, text],
    ]),
  ];
}

function loggedTables(known: Known, { say, day }: Pen): readonly Table[] {
  return [
    [
      'Visits',
      ['When', 'Where', 'How'],
      rows(known.visits, ({ at, place, channel }) => [
        ...[day(at), place?.name ?? place?.id, say(channel)],
      ]),
    ],
    [
      'Problems',
      ['When', 'What', 'State', 'Who'],
      rows(known.issues, ({ at, what, state, owner }) => [day(at), what, say(state), owner]),
    ],
    [
      'Questions',
      ['When', 'What', 'Answer'],
      rows(known.answers, ({ at, question, value }) => [day(at), question, textOf(value)]),
    ],
    [
      'Not wanted',
      ['When', 'What', 'Reason'],
      rows(known.dismissals, ({ at, reason, target }) => {
        const skus =
          target.kind === 'usual' ? target.skus : target.kind === 'item' ? [target.sku] : [];
        return [day(at), skus.join(', ') || say(target.kind), say(reason)];
      }),
    ],
    [
      'Shown',
      ['What', 'Shown', 'Taken', 'Last'],
      rows(known.exposures, ({ name, shown, accepted, lastAt }) => [
        ...[name, shown, accepted, day(lastAt)],
      ]),
    ],
  ];
}

function staffTables(known: Known, { say, day }: Pen): readonly Table[] {
  const { kept } = known;
  return [
    [
      'Proofs by the staff',
      ['When', 'Who', 'How'],
      rows(known.attestations, ({ at, staff, method }) => [day(at), staff, say(method)]),
    ],
    [
      'Who of the staff looked',
      ['When', 'Who', 'What', 'Why'],
      rows(known.accesses, ({ at, staff, fields, why }) => [
        ...[day(at), staff, fields.map(say).join(', '), why],
      ]),
    ],
    [
      'To be seen after a proof',
      ['What', 'Proof'],
      all(known.withheld, ({ field, need }) => [say(field), say(need)]),
    ],
    [
      'Where it is kept',
      ['Where', 'Months after the last visit', 'Until', 'Months of each order', 'Of each answer'],
      all([kept], ({ where, months, until, orderMonths, answerMonths }) => [
        ...[say(where), months, day(until), orderMonths, answerMonths],
      ]),
    ],
  ];
}
