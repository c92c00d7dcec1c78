// Compiled from pl.mf2 by scripts/compile-messages.mjs: change that file.
import type { Locale } from '../messages.js';

/** Polish. A draft: two native readers have yet to sign it. */
export const pl: Locale = {
  lang: 'pl',
  dir: 'ltr',
  review: 'draft',
  words: [
    [
      (f) => (!f.given ? f.display : f.given),
      (f) =>
        f.daypart === 'evening'
          ? 'Dobry wieczór'
          : f.daypart === 'night'
            ? 'Witamy'
            : 'Dzień dobry',
      ['Witamy.'],
      [
        (f) => [!f.name ? 'W' : [f.name, ' – w'], 'itamy.'],
        (f) => [!f.name ? 'D' : [f.name, ' – d'], 'zień dobry.'],
      ],
      [
        (f) => [!f.name ? 'W' : [f.name, ' – w'], 'itamy ponownie.'],
        (f) => [!f.name ? 'M' : [f.name, ' – m'], 'iło, że znów się widzimy.'],
      ],
      [
        (f) => [f.hello, '. ', !f.name ? 'M' : [f.name, ' – m'], 'iło, że znów się widzimy.'],
        (f) => [!f.name ? 'W' : [f.name, ' – w'], 'itamy ponownie.'],
      ],
      [(f) => [!f.name ? 'M' : [f.name, ' – m'], 'iło się widzieć.']],
      (f) => ['To co zwykle: ', f.items, f.table && [', przy stoliku ', f.table], '?'],
      (f) => ['Ostatnio: ', f.items, '.'],
      (f) => ['To co zwykle: ', f.items, '. Jak tym razem podać?'],
      (f) => [f.first, ' ', f.second],
      (f) => [f.item, f.modifiers && [' (', f.modifiers, ')']],
      (f) => [f.first, ', ', f.second],
      (f) => [f.count, ' × ', f.item],
      (f) => ['jeszcze ', f.count],
      (f) => [f.modifier, ': bez'],
      (f) => [f.modifier, ': podwójnie'],
      (f) => [f.item, f.group && [', ', f.group], ': ', f.options, '?'],
      'zwyczajnie',
    ],
    [
      [(f) => [!f.name ? 'W' : [f.name, ' – w'], 'szystkiego najlepszego z okazji urodzin.']],
      [
        (f, l) => [
          !f.name ? 'T' : [f.name, ' – t'],
          'o już wizyta numer ',
          { type: 'ordinal', value: l.n(f.ordinal) },
          '. Dziękujemy.',
        ],
      ],
      [
        (f) => [
          !f.name ? 'D' : [f.name, ' – d'],
          'ziękujemy za wiadomość. Mamy nadzieję, że teraz wszystko jest w porządku.',
        ],
      ],
      (f) => [!f.name ? 'P' : [f.name, ' – p'], 'rzepraszamy.'],
      (f) => ['Coś poszło nie tak', f.weekday && [' (', f.weekday, ')'], '.'],
      (f) => ['Zajmuje', !f.staff ? 'my się tym' : [' się tym ', f.staff], '.'],
      (f) => ['Kontakt z nami: ', f.contact, '.'],
    ],
    [
      (f, l) => [
        'Dotąd ',
        f.count,
        ' zamówie',
        l.p(f.count) === 'one'
          ? 'nie'
          : l.p(f.count) === 'few'
            ? 'nia'
            : l.p(f.count) === 'many'
              ? 'ń'
              : 'nia',
        ' tutaj.',
      ],
      (f, l) => [
        f.count,
        ' zamówie',
        l.p(f.count) === 'one'
          ? 'nie'
          : l.p(f.count) === 'few'
            ? 'nia'
            : l.p(f.count) === 'many'
              ? 'ń'
              : 'nia',
        ' tutaj w ciągu ostatnich ',
        f.days,
        ' dni.',
      ],
      (f) => ['Daty zamówień: ', f.dates, '.'],
      (f, l) => [
        'jeszcze ',
        f.count,
        ' d',
        l.p(f.count) === 'one'
          ? 'zień'
          : l.p(f.count) === 'few'
            ? 'ni'
            : l.p(f.count) === 'many'
              ? 'ni'
              : 'nia',
      ],
      'Zakup z ostatniej wizyty.',
      (f) => ['Zakup podczas ', f.count, ' z ostatnich ', f.of, ' wizyt.'],
      (f) => [
        'Zamówienie podczas ',
        f.count,
        ' z ostatnich ',
        f.of,
        ' ',
        f.daypart === 'morning'
          ? ['poranków', f.which]
          : f.daypart === 'afternoon'
            ? ['popołudni', f.which]
            : f.daypart === 'evening'
              ? ['wieczorów', f.which]
              : 'wizyt o tej porze dnia',
        '.',
      ],
      (f) => (f.week === 'weekend' ? ' w weekendy' : f.week === 'weekday' ? ' w dni robocze' : ''),
      (f) => ['Informacja z dnia ', f.date, '.'],
      (f) => ['Zapis sklepu z dnia ', f.date, '.'],
      (f) => [
        f.level === 'none'
          ? 'Tak witamy wszystkich'
          : f.level === 'device'
            ? 'To urządzenie pamięta'
            : f.level === 'claimed'
              ? 'Dane podane teraz'
              : 'Zalogowano',
        '.',
      ],
      (f) => ['Kto kupuje ', f.item, ', często kupuje też to.'],
      (f) => ['Pasuje do produktu w koszyku: ', f.item, '.'],
      'Popularne w tym sklepie.',
      (f) => ['Dnia ', f.date, ' coś poszło nie tak i nie jest to jeszcze załatwione.'],
      (f) => ['Sprawa została załatwiona dnia ', f.date, '.'],
      'Zwykle odwiedziny są częstsze.',
      'Część klientów witamy po prostu, losowo, aby wiedzieć, co dają powitania.',
      (f) => ['Może już się kończyć: ', f.item, '.'],
      (f, l) => [
        'Zakup mniej więcej co',
        l.p(f.days) === 'one'
          ? 'dziennie'
          : l.p(f.days) === 'few'
            ? [' ', f.days, ' dni']
            : l.p(f.days) === 'many'
              ? [' ', f.days, ' dni']
              : [' ', f.days, ' dnia'],
        '.',
      ],
      (f) => [f.item, ': teraz ', f.is, ' (wcześniej ', f.was, ').'],
      (f) => ['Nie ma już w ofercie: ', f.item, '.'],
      (f) => ['Chwilowo brak: ', f.item, '.'],
      (f) => [f.item, ': ', f.modifier, ' – niedostępne.'],
      (f) => [f.item, f.modifier && [', ', f.modifier], ': brakuje wyboru.'],
      (f) => ['Prosimy wybrać: ', f.options, '.'],
      (f) => ['Tak, mamy: ', f.item, '.'],
      (f) => ['Nie mamy: ', f.item, '.'],
      (f) => ['Coś podobnego: ', f.substitute, f.difference && [' (', f.difference, ')'], '.'],
      (f) => ['Można to dostać tutaj: ', f.referral],
      'O alergeny prosimy pytać naszą obsługę.',
    ],
  ],
};
