// What is said to whoever comes back, by five rules.
import { aucOf, END, median, SEEN, summaryOf, table } from './rhythm-data.mjs';

const GROUPS = ['0', '1', '2', '3–4', '5–9', '10+'];
const groupOf = (gaps) => [0, 1, 2, 3, 5, 10].findLastIndex((from) => gaps >= from);
const percent = (of, among) =>
  among === 0 ? '–' : ((100 * of) / among).toFixed(of / among < 0.1 ? 1 : 0);

/** Every return: what was known at the visit before, and the gap that has just ended. */
function returnsOf(people) {
  return people.flatMap(({ days }) =>
    days.slice(1).map((day, i) => {
      const known = days.slice(0, i + 1);
      return { summary: summaryOf(known, known.at(-1)), gap: day - known.at(-1) };
    }),
  );
}

function rulesOf({ returnTone, gapTail, pAlive }, prior, typical) {
  return {
    'gap > 30 days': (_, gap) => gap > 30,
    'gap > 2 × own median': ({ gaps }, gap) => gap > 2 * (gaps.length > 0 ? median(gaps) : typical),
    'P(alive) < .5 just before': (summary, gap) =>
      pAlive({ ...summary, T: summary.tx + gap }, prior) < 0.5,
    'tail < .10': (summary, gap) => gapTail(summary, gap, prior) < 0.1,
    '**`returnTone`**': (summary, gap) => returnTone(summary, gap, prior).tone === 'missed',
  };
}

function rowsOf(functions, people, prior, typical) {
  const returns = returnsOf(people);
  return Object.entries(rulesOf(functions, prior, typical)).map(([name, isMissed]) => {
    const groups = GROUPS.map(() => [0, 0]);
    let [all, wrong, told, silent, long] = [0, 0, 0, 0, 0];
    for (const { summary, gap } of returns) {
      const missed = isMissed(summary, gap);
      const group = groups[groupOf(summary.gaps.length)];
      group[1]++;
      if (missed) {
        group[0]++;
        all++;
      }
      if (summary.gaps.length < 2) continue;
      const longest = Math.max(...summary.gaps);
      if (missed) told++;
      if (missed && gap <= longest) wrong++;
      if (gap > 2 * longest) long++;
      if (gap > 2 * longest && !missed) silent++;
    }
    return [
      name,
      percent(all, returns.length),
      ...groups.map(([of, among]) => percent(of, among)),
      percent(wrong, told),
      percent(silent, long),
    ];
  });
}

export function toneSection(functions, { sample, others, retail, fits }) {
  const head = ['rule', 'all', ...GROUPS, 'wrong', 'misses'];
  const typicalOf = (people) => median(returnsOf(people).map(({ gap }) => gap));
  const part = (title, people, prior, typical) =>
    `### ${title}\n\n${returnsOf(people).length} returns of ${people.length} customers.\n\n${table(head, rowsOf(functions, people, prior, typical))}`;
  const shop = functions.priors.shop;
  return `## What is said at the door

Of each hundred returns so many are told "we have missed you", by the number of gaps that were known. _Wrong_: of those told, with two gaps
or more known, the share that had stayed away as long before. _Misses_: of gaps over twice the longest of two or more, the share that is
not told. Demanded of \`returnTone\`: 5 to 20 % in each group with a gap, nothing wrong.

${part('CDNOW, the sample, by parameters of the others', sample, fits.othersLong.prior, typicalOf(others))}

${part('CDNOW, the others, by parameters of the sample', others, fits.sampleLong.prior, typicalOf(sample))}
${
  retail.length === 0
    ? ''
    : `\n${part(
        'Online Retail, by the shipped prior of shops',
        retail.map(({ visits }) => ({
          days: [...new Set(visits.map(({ day }) => day))].sort((a, b) => a - b),
        })),
        shop,
        typicalOf(sample),
      )}\n`
}
With \`returnTone\`, the second visit is never "missed": a prior alone says nothing of this customer. Who has been away for ten months or
more before is given 31 days beyond that, for the season; without, ${seasonOf(functions, [...sample, ...others], fits.othersLong.prior)} more of all returns of CDNOW would be told.`;
}

/** Returns that only the grace of a season keeps from being told. */
function seasonOf({ gapTail, returnTone }, people, prior) {
  const returns = returnsOf(people);
  const spared = returns.filter(({ summary, gap }) => {
    const longest = Math.max(0, ...summary.gaps);
    const plain = longest > 0 && gap >= 14 && gap > longest && gapTail(summary, gap, prior) < 0.2;
    return plain && returnTone(summary, gap, prior).tone !== 'missed';
  });
  return `${spared.length} of ${returns.length}`;
}

const ROUNDS = 20;

/** What is left of a history when each visit is lost by chance. */
const without = (days, share, random) => days.filter(() => random() >= share);

function lost({ returnTone, pActive }, { sample, fits }, share, random) {
  const words = { same: 0, wrongly: 0, unknown: 0, all: 0 };
  let [full, cut, brierFull, brierCut] = [0, 0, 0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const pairs = [];
    for (const { days } of sample) {
      const kept = new Set(without(days, share, random));
      days.slice(1).forEach((day, i) => {
        if (!kept.has(day)) return; // nobody was recognized, so nobody was greeted
        const before = days.slice(0, i + 1);
        const seen = before.filter((one) => kept.has(one));
        if (seen.length === 0) {
          words.unknown++;
          return;
        }
        const say = (known) => {
          const last = known.at(-1);
          return returnTone(summaryOf(known, last), day - last, fits.othersLong.prior).tone;
        };
        const [is, was] = [say(seen), say(before)];
        words.all++;
        if (is === was) words.same++;
        else if (is === 'missed') words.wrongly++;
      });
      const before = days.filter((day) => day <= SEEN);
      const seen = before.filter((day) => kept.has(day));
      if (seen.length > 0)
        pairs.push({
          came: days.length > before.length,
          full: pActive(summaryOf(before, SEEN), END - SEEN, fits.others.prior),
          cut: pActive(summaryOf(seen, SEEN), END - SEEN, fits.others.prior),
        });
    }
    const came = pairs.map((one) => one.came);
    const ones = pairs.map(() => 1);
    const of = (name) => pairs.map((one) => one[name]);
    const brier = (name) =>
      pairs.reduce((sum, one) => sum + (one[name] - Number(one.came)) ** 2, 0) / pairs.length;
    full += aucOf(of('full'), came)(ones) / ROUNDS;
    cut += aucOf(of('cut'), came)(ones) / ROUNDS;
    brierFull += brier('full') / ROUNDS;
    brierCut += brier('cut') / ROUNDS;
  }
  return [
    `${share * 100} %`,
    `${percent1(words.same, words.all)} %`,
    `${percent1(words.wrongly, words.all)} %`,
    `${percent1(words.unknown, words.all + words.unknown)} %`,
    `${full.toFixed(3)} → ${cut.toFixed(3)}`,
    `${brierFull.toFixed(3)} → ${brierCut.toFixed(3)}`,
  ];
}

const percent1 = (of, among) => ((100 * of) / among).toFixed(1);

export function lostSection(functions, data, random) {
  const rows = [0.1, 0.4].map((share) => lost(functions, data, share, random));
  return `## Visits that were not recognized

A lost cookie looks like an absence. Of the sample's visits so many are lost by chance, twenty times over; parameters are those of whole
histories. Demanded where 10 % are lost: the same words at 95 % of returns, and at most .01 of AUC.

${table(['lost', 'same words', 'missed, wrongly', 'all earlier visits lost', 'AUC', 'Brier'], rows)}

Whoever lost all earlier visits is greeted as new; they are not among the returns of the other columns.`;
}
