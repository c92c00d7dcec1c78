// Compiled from de-formal.mf2 by scripts/compile-messages.mjs: change that file.
import type { Locale } from '../messages.js';

/** German, Sie. A draft: two native readers have yet to sign it. */
export const deFormal: Locale = {
  lang: 'de-x-formal',
  dir: 'ltr',
  review: 'draft',
  words: [
    [
      (f) =>
        !f.family
          ? f.display
          : !f.title && !f.given
            ? f.display
            : !f.title
              ? [f.given, ' ', f.family]
              : [f.title, ' ', f.family],
      (f) =>
        f.daypart === 'morning'
          ? 'Guten Morgen'
          : f.daypart === 'midday'
            ? 'Guten Tag'
            : f.daypart === 'afternoon'
              ? 'Guten Tag'
              : f.daypart === 'evening'
                ? 'Guten Abend'
                : 'Willkommen',
      ['Willkommen.'],
      [
        (f) => ['Willkommen', f.name && [', ', f.name], '.'],
        (f) => ['Guten Tag', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => ['Willkommen zurück', f.name && [', ', f.name], '.'],
        (f) => ['Schön, dass Sie wieder da sind', f.name && [', ', f.name], '.'],
        (f) => ['Schön, Sie wiederzusehen', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => [f.hello, f.name && [', ', f.name], '. Schön, dass Sie da sind.'],
        (f) => ['Schön, dass Sie wieder da sind', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => ['Schön, Sie zu sehen', f.name && [', ', f.name], '.'],
        (f) => ['Wie schön, dass Sie wieder da sind', f.name && [', ', f.name], '.'],
      ],
      (f) => ['Wie immer: ', f.items, f.table && [', an Tisch ', f.table], '?'],
      (f) => ['Beim letzten Mal: ', f.items, '.'],
      (f) => ['Wie immer: ', f.items, '. Wie möchten Sie es heute?'],
      (f) => [f.first, ' ', f.second],
      (f) => [f.item, f.modifiers && [' (', f.modifiers, ')']],
      (f) => [f.first, ', ', f.second],
      (f) => [f.count, ' × ', f.item],
      (f, l) => [f.count, ' weitere', l.p(f.count) === 'one' ? 's' : ''],
      (f) => ['ohne ', f.modifier],
      (f) => ['extra ', f.modifier],
      (f) => [f.item, f.group && [', ', f.group], ': ', f.options, '?'],
      'ganz normal',
    ],
    [
      [(f) => ['Alles Gute zum Geburtstag', f.name && [', ', f.name], '.']],
      [
        (f, l) => [
          'Das ist Ihr ',
          { type: 'ordinal', value: l.n(f.ordinal) },
          '. Besuch',
          f.name && [', ', f.name],
          '. Danke.',
        ],
      ],
      [
        (f) => [
          'Danke, dass Sie es uns gesagt haben',
          f.name && [', ', f.name],
          '. Wir hoffen, jetzt ist alles gut.',
        ],
      ],
      (f) => ['Das tut uns leid', f.name && [', ', f.name], '.'],
      (f) => [!f.weekday ? 'Etwas ist' : ['Am ', f.weekday, ' ist etwas'], ' schiefgegangen.'],
      (f) => [!f.staff ? 'Wir kümmern uns' : [f.staff, ' kümmert sich'], ' darum.'],
      (f) => ['So erreichen Sie uns: ', f.contact, '.'],
    ],
    [
      (f, l) => [
        'Sie haben hier ',
        l.p(f.count) === 'one' ? 'ein' : [f.count, '-'],
        'mal bestellt.',
      ],
      (f, l) => [
        'Sie haben hier in den letzten ',
        f.days,
        ' Tagen ',
        l.p(f.count) === 'one' ? 'ein' : [f.count, '-'],
        'mal bestellt.',
      ],
      (f) => ['Das haben Sie an diesen Tagen bestellt: ', f.dates, '.'],
      (f, l) => [f.count, ' weitere', l.p(f.count) === 'one' ? 'r Tag' : ' Tage'],
      'Das haben Sie beim letzten Besuch gekauft.',
      (f) => ['Das haben Sie bei ', f.count, ' Ihrer letzten ', f.of, ' Besuche gekauft.'],
      (f) => [
        'Das haben Sie ',
        f.daypart === 'morning'
          ? ['an ', f.count, ' der letzten ', f.of, ' Vormittage', f.which]
          : f.daypart === 'afternoon'
            ? ['an ', f.count, ' der letzten ', f.of, ' Nachmittage', f.which]
            : f.daypart === 'evening'
              ? ['an ', f.count, ' der letzten ', f.of, ' Abende', f.which]
              : ['bei ', f.count, ' der letzten ', f.of, ' Besuche um diese Tageszeit'],
        ' bestellt.',
      ],
      (f) =>
        f.week === 'weekend' ? ' am Wochenende' : f.week === 'weekday' ? ' unter der Woche' : '',
      (f) => ['Das haben Sie uns am ', f.date, ' gesagt.'],
      (f) => ['Der Laden hat es am ', f.date, ' notiert.'],
      (f) => [
        f.level === 'none'
          ? 'Alle werden so begrüßt'
          : f.level === 'device'
            ? 'Dieses Gerät erinnert sich an Sie'
            : f.level === 'claimed'
              ? 'Sie haben uns gesagt, wer Sie sind'
              : 'Sie sind angemeldet',
        '.',
      ],
      (f) => ['Wer ', f.item, ' kauft, kauft oft auch das.'],
      (f) => ['Passt zu ', f.item, ' in Ihrem Warenkorb.'],
      'Beliebt in diesem Laden.',
      (f) => ['Am ', f.date, ' ist etwas schiefgegangen, und es ist noch nicht geklärt.'],
      (f) => ['Was schiefgegangen war, wurde am ', f.date, ' geklärt.'],
      'Sonst kommen Sie öfter.',
      'Ein Teil der Kundschaft, ausgelost, wird schlicht begrüßt, damit der Laden lernt, wozu Begrüßungen gut sind.',
      (f) => ['Vielleicht bald knapp: ', f.item, '.'],
      (f, l) => [
        'Das kaufen Sie ungefähr ',
        l.p(f.days) === 'one' ? 'jeden Tag' : ['alle ', f.days, ' Tage'],
        '.',
      ],
      (f) => [f.item, ' kostet jetzt ', f.is, ' (vorher ', f.was, ').'],
      (f) => [f.item, ' haben wir nicht mehr.'],
      (f) => [f.item, ' haben wir gerade nicht da.'],
      (f) => [f.modifier, ' gibt es für ', f.item, ' nicht.'],
      (f) => [f.item, f.modifier && [', ', f.modifier], ': Eine Auswahl fehlt.'],
      (f) => ['Bitte wählen Sie: ', f.options, '.'],
      (f) => ['Ja, ', f.item, ' haben wir.'],
      (f) => [f.item, ' haben wir nicht.'],
      (f) => ['Dem kommt nahe: ', f.substitute, f.difference && [' (', f.difference, ')'], '.'],
      (f) => ['Hier bekommen Sie es: ', f.referral],
      'Bitte fragen Sie unser Team nach Allergenen.',
    ],
  ],
};
