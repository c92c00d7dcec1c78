// Compiled from nl.mf2 by scripts/compile-messages.mjs: change that file.
import type { Locale } from '../messages.js';

/** Dutch, je. A draft: two native readers have yet to sign it. */
export const nl: Locale = {
  lang: 'nl',
  dir: 'ltr',
  review: 'draft',
  words: [
    [
      (f) => (!f.given ? f.display : f.given),
      (f) =>
        f.daypart === 'morning'
          ? 'Goedemorgen'
          : f.daypart === 'afternoon'
            ? 'Goedemiddag'
            : f.daypart === 'evening'
              ? 'Goedenavond'
              : 'Hallo',
      ['Welkom.'],
      [
        (f) => ['Welkom', f.name && [', ', f.name], '.'],
        (f) => ['Hallo', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => ['Welkom terug', f.name && [', ', f.name], '.'],
        (f) => ['Fijn dat je er weer bent', f.name && [', ', f.name], '.'],
        (f) => ['Leuk je weer te zien', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => [f.hello, f.name && [', ', f.name], '. Fijn dat je er bent.'],
        (f) => ['Fijn dat je er weer bent', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => ['Fijn je te zien', f.name && [', ', f.name], '.'],
        (f) => ['Wat leuk je weer te zien', f.name && [', ', f.name], '.'],
      ],
      (f) => ['Zoals altijd: ', f.items, f.table && [', aan tafel ', f.table], '?'],
      (f) => ['De vorige keer: ', f.items, '.'],
      (f) => ['Zoals altijd: ', f.items, '. Hoe wil je het vandaag?'],
      (f) => [f.first, ' ', f.second],
      (f) => [f.item, f.modifiers && [' (', f.modifiers, ')']],
      (f) => [f.first, ', ', f.second],
      (f) => [f.count, ' × ', f.item],
      (f) => ['nog ', f.count],
      (f) => ['zonder ', f.modifier],
      (f) => ['extra ', f.modifier],
      (f) => [f.item, f.group && [', ', f.group], ': ', f.options, '?'],
      'gewoon',
    ],
    [
      [
        (f) => ['Gefeliciteerd met je verjaardag', f.name && [', ', f.name], '.'],
        (f) => ['Een heel fijne verjaardag', f.name && [', ', f.name], '.'],
      ],
      [
        (f, l) => [
          'Dit is je ',
          { type: 'ordinal', value: l.n(f.ordinal) },
          'e bezoek',
          f.name && [', ', f.name],
          '. Bedankt.',
        ],
      ],
      [
        (f) => [
          'Bedankt dat je het ons hebt verteld',
          f.name && [', ', f.name],
          '. We hopen dat het nu goed is.',
        ],
      ],
      (f) => ['Het spijt ons', f.name && [', ', f.name], '.'],
      (f) => ['Er is ', f.weekday && [f.weekday, ' '], 'iets misgegaan.'],
      (f) => [!f.staff ? 'We zijn' : [f.staff, ' is'], ' ermee bezig.'],
      (f) => ['Zo bereik je ons: ', f.contact, '.'],
    ],
    [
      (f, l) => ['Je hebt hier ', l.p(f.count) === 'one' ? 'één' : f.count, ' keer besteld.'],
      (f, l) => [
        'Je hebt hier in de laatste ',
        f.days,
        ' dagen ',
        l.p(f.count) === 'one' ? 'één' : f.count,
        ' keer besteld.',
      ],
      (f) => ['Je hebt dit besteld op ', f.dates, '.'],
      (f, l) => ['nog ', f.count, ' dag', l.p(f.count) === 'one' ? '' : 'en'],
      'Je hebt dit bij je laatste bezoek gekocht.',
      (f) => ['Je hebt dit bij ', f.count, ' van je laatste ', f.of, ' bezoeken gekocht.'],
      (f) => [
        'Je hebt dit ',
        f.daypart === 'morning'
          ? ['op ', f.count, ' van je laatste ', f.of, ' ochtenden hier', f.which]
          : f.daypart === 'afternoon'
            ? ['op ', f.count, ' van je laatste ', f.of, ' middagen hier', f.which]
            : f.daypart === 'evening'
              ? ['op ', f.count, ' van je laatste ', f.of, ' avonden hier', f.which]
              : ['bij ', f.count, ' van je laatste ', f.of, ' bezoeken op dit deel van de dag'],
        ' besteld.',
      ],
      (f) =>
        f.week === 'weekend' ? ' in het weekend' : f.week === 'weekday' ? ' doordeweeks' : '',
      (f) => ['Je hebt het ons op ', f.date, ' verteld.'],
      (f) => ['De winkel heeft het op ', f.date, ' genoteerd.'],
      (f) => [
        f.level === 'none'
          ? 'Iedereen wordt zo begroet'
          : f.level === 'device'
            ? 'Dit apparaat onthoudt je'
            : f.level === 'claimed'
              ? 'Je hebt ons verteld wie je bent'
              : 'Je bent ingelogd',
        '.',
      ],
      (f) => ['Wie ', f.item, ' koopt, koopt dit vaak ook.'],
      (f) => ['Past bij ', f.item, ' in je winkelmand.'],
      'Populair in deze winkel.',
      (f) => ['Er is op ', f.date, ' iets misgegaan en dat is nog niet opgelost.'],
      (f) => ['Wat misging, is op ', f.date, ' opgelost.'],
      'Meestal kom je vaker.',
      'Een deel van de klanten, door loting gekozen, wordt eenvoudig begroet, zodat de winkel leert waar begroetingen goed voor zijn.',
      (f) => ['Misschien bijna op: ', f.item, '.'],
      (f, l) => [
        'Je koopt dit ongeveer ',
        l.p(f.days) === 'one' ? 'elke dag' : ['om de ', f.days, ' dagen'],
        '.',
      ],
      (f) => [f.item, ' kost nu ', f.is, ' (eerst ', f.was, ').'],
      (f) => [f.item, ' hebben we niet meer.'],
      (f) => [f.item, ' hebben we op dit moment niet.'],
      (f) => [f.modifier, ' is er niet voor ', f.item, '.'],
      (f) => [f.item, f.modifier && [', ', f.modifier], ': er ontbreekt een keuze.'],
      (f) => ['Kies alsjeblieft: ', f.options, '.'],
      (f) => ['Ja, ', f.item, ' hebben we.'],
      (f) => [f.item, ' hebben we niet.'],
      (f) => ['Lijkt erop: ', f.substitute, f.difference && [' (', f.difference, ')'], '.'],
      (f) => ['Hier kun je het krijgen: ', f.referral],
      'Vraag ons team alsjeblieft naar allergenen.',
    ],
  ],
};
