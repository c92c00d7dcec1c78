import fc from 'fast-check';
import type { LinkData, ProfileRecord, RecordDraft } from '../../../src/profile/types.js';
import { DAY, draft, link, NOW, purchase, stampAll } from './histories.js';

const SUBJECTS = ['s0', 's1', 's2', 's3', 's4', 's5', 's6', '__proto__'];

type Step =
  | { readonly do: 'link'; readonly subject: string; readonly data: LinkData }
  | { readonly do: 'merge'; readonly a: string; readonly b: string }
  | { readonly do: 'unlink'; readonly which: number }
  | { readonly do: 'buy'; readonly subject: string; readonly n: number; readonly at: number }
  | {
      readonly do: 'fact';
      readonly subject: string;
      readonly value: string;
      readonly sure: boolean;
    };

const subject = fc.constantFrom(...SUBJECTS);
const day = fc.integer({ min: 0, max: 200 });

const anyLink: fc.Arbitrary<Step> = fc
  .record({
    subject,
    type: fc.constantFrom(
      ...['account', 'account:web', 'loyalty', 'phone', 'phone', 'email', 'email', 'device'],
      ...['anonymous', 'card'],
    ),
    value: fc.nat(3),
    level: fc.constantFrom<LinkData['level'][]>('claimed', 'claimed', 'verified'),
    unproved: fc.constantFrom(false, false, false, true),
    since: fc.option(day, { freq: 6 }),
    day,
  })
  .map(({ subject: of, type, value, level, unproved, since, day: at }) => ({
    do: 'link',
    subject: of,
    data: link(type, `${type}-${value}`, {
      level,
      at: NOW + at * DAY,
      ...(unproved && { unproved }),
      ...(since !== null && { since: NOW + since * DAY }),
    }),
  }));

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: anyLink },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('merge' as const), a: subject, b: subject }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unlink' as const), which: fc.nat(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('buy' as const),
      subject,
      n: fc.nat(5),
      at: day.map((n) => NOW + n * DAY),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fact' as const),
      subject,
      value: fc.constantFrom('Shep', 'Maria'),
      sure: fc.boolean(),
    }),
  },
);

/** Any history of up to 60 steps of eight subjects that is mostly about who they are. */
export const anyLinks: fc.Arbitrary<readonly ProfileRecord[]> = fc
  .array(anyStep, { maxLength: 60, size: 'max' })
  .map((steps) => {
    const drafts: RecordDraft[] = [];
    const add = (one: RecordDraft): void => {
      drafts.push({ ...one, id: `r${String(drafts.length).padStart(3, '0')}` });
    };
    for (const step of steps)
      if (step.do === 'link') add(draft('link', step.data, { subject: step.subject }));
      else if (step.do === 'merge') {
        const merge = link('merge', `merge:${drafts.length}`, { method: 'merged' });
        for (const of of [step.a, step.b])
          add(draft('link', merge, { subject: of, by: 'staff:1' }));
      } else if (step.do === 'unlink') {
        const of = drafts[step.which];
        if (of) add(draft('unlink', { link: of.id }, { subject: of.subject }));
      } else if (step.do === 'buy')
        add(
          draft('purchase', purchase(`web:${step.n}`, { at: step.at }), { subject: step.subject }),
        );
      else {
        const level = step.sure ? ({ level: 'verified' } as const) : {};
        const data = { key: 'name.given', value: step.value, at: NOW, ...level } as const;
        add(
          draft(
            'fact',
            { ...data, source: 'host', purpose: 'remember' },
            { subject: step.subject },
          ),
        );
      }
    return stampAll(drafts);
  });
