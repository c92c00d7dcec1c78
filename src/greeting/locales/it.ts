// Compiled from it.mf2 by scripts/compile-messages.mjs: change that file.
import type { Locale } from '../messages.js';

/** Italian, tu. A draft: two native readers have yet to sign it. */
export const it: Locale = {
  lang: 'it',
  dir: 'ltr',
  review: 'draft',
  words: [
    [
      (f) => (!f.given ? f.display : f.given),
      (f) =>
        f.daypart === 'morning'
          ? 'Buongiorno'
          : f.daypart === 'afternoon'
            ? 'Buon pomeriggio'
            : f.daypart === 'evening'
              ? 'Buonasera'
              : 'Ciao',
      ['Ti diamo il benvenuto.'],
      [
        (f) => ['Ti diamo il benvenuto', f.name && [', ', f.name], '.'],
        (f) => ['Ciao', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => ['Che piacere rivederti', f.name && [', ', f.name], '.'],
        (f) => ['È bello rivederti', f.name && [', ', f.name], '.'],
        (f) => ['Che bello averti di nuovo qui', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => [f.hello, f.name && [', ', f.name], '. Che bello vederti.'],
        (f) => ['Che piacere rivederti', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => ['Che bello vederti', f.name && [', ', f.name], '.'],
        (f) => ['È un piacere rivederti', f.name && [', ', f.name], '.'],
      ],
      (f) => ['Il solito: ', f.items, f.table && [', al tavolo ', f.table], '?'],
      (f) => ['L’ultima volta: ', f.items, '.'],
      (f) => ['Il solito: ', f.items, '. Come lo vuoi oggi?'],
      (f) => [f.first, ' ', f.second],
      (f) => [f.item, f.modifiers && [' (', f.modifiers, ')']],
      (f) => [f.first, ', ', f.second],
      (f) => [f.count, ' × ', f.item],
      (f, l) => (l.p(f.count) === 'one' ? 'un altro' : ['altri ', f.count]),
      (f) => ['senza ', f.modifier],
      (f) => [f.modifier, ' extra'],
      (f) => [f.item, f.group && [', ', f.group], ': ', f.options, '?'],
      'normale',
    ],
    [
      [
        (f) => ['Buon compleanno', f.name && [', ', f.name], '.'],
        (f) => ['Tanti auguri di buon compleanno', f.name && [', ', f.name], '.'],
      ],
      [
        (f, l) => [
          'Questa è la tua ',
          { type: 'ordinal', value: l.n(f.ordinal) },
          'ª visita',
          f.name && [', ', f.name],
          '. Grazie.',
        ],
      ],
      [
        (f) => [
          'Grazie per avercelo detto',
          f.name && [', ', f.name],
          '. Speriamo che ora sia tutto a posto.',
        ],
      ],
      (f) => ['Ci dispiace', f.name && [', ', f.name], '.'],
      (f) => ['Qualcosa è andato storto', f.weekday && [' ', f.weekday], '.'],
      (f) => [!f.staff ? 'Ce ne stiamo occupando' : ['Se ne sta occupando ', f.staff], '.'],
      (f) => ['Puoi contattarci qui: ', f.contact, '.'],
    ],
    [
      (f, l) => [
        'Hai ordinato qui ',
        l.p(f.count) === 'one' ? 'una volta' : [f.count, ' volte'],
        '.',
      ],
      (f, l) => [
        'Hai ordinato qui ',
        l.p(f.count) === 'one' ? 'una volta' : [f.count, ' volte'],
        ' negli ultimi ',
        f.days,
        ' giorni.',
      ],
      (f) => ['Lo hai ordinato in queste date: ', f.dates, '.'],
      (f, l) => (l.p(f.count) === 'one' ? 'un altro giorno' : ['altri ', f.count, ' giorni']),
      'Lo hai preso nella tua ultima visita.',
      (f) => ['Lo hai preso in ', f.count, ' delle tue ultime ', f.of, ' visite.'],
      (f) => [
        'Lo hai ordinato in ',
        f.count,
        ' de',
        f.daypart === 'morning'
          ? ['lle tue ultime ', f.of, ' mattine qui', f.which]
          : f.daypart === 'afternoon'
            ? ['i tuoi ultimi ', f.of, ' pomeriggi qui', f.which]
            : f.daypart === 'evening'
              ? ['lle tue ultime ', f.of, ' sere qui', f.which]
              : ['lle tue ultime ', f.of, ' visite in questo momento della giornata'],
        '.',
      ],
      (f) =>
        f.week === 'weekend'
          ? ' nel fine settimana'
          : f.week === 'weekday'
            ? ' nei giorni feriali'
            : '',
      (f) => ['Ce lo hai detto il ', f.date, '.'],
      (f) => ['Il negozio lo ha annotato il ', f.date, '.'],
      (f) => [
        f.level === 'none'
          ? 'Accogliamo così chiunque'
          : f.level === 'device'
            ? 'Questo dispositivo si ricorda di te'
            : f.level === 'claimed'
              ? 'Ci hai detto chi sei'
              : 'Hai effettuato l’accesso',
        '.',
      ],
      (f) => ['Chi compra ', f.item, ' spesso compra anche questo.'],
      (f) => ['Va bene con ', f.item, ', che è nel tuo carrello.'],
      'Molto richiesto in questo negozio.',
      (f) => ['Il ', f.date, ' qualcosa è andato storto e non è ancora risolto.'],
      (f) => ['Quello che era andato storto è stato risolto il ', f.date, '.'],
      'Di solito vieni più spesso.',
      'Una parte della clientela, estratta a sorte, riceve un saluto semplice, perché il negozio impari a che cosa servono i saluti.',
      (f) => ['Forse sta per finire: ', f.item, '.'],
      (f, l) => [
        'Lo compri più o meno ogni ',
        l.p(f.days) === 'one' ? 'giorno' : [f.days, ' giorni'],
        '.',
      ],
      (f) => [f.item, ': ora ', f.is, ' (prima ', f.was, ').'],
      (f) => ['Non abbiamo più ', f.item, '.'],
      (f) => ['Al momento non abbiamo ', f.item, '.'],
      (f) => [f.modifier, ' non è disponibile per ', f.item, '.'],
      (f) => [f.item, f.modifier && [', ', f.modifier], ': manca una scelta.'],
      (f) => ['Scegli: ', f.options, '.'],
      (f) => ['Sì, abbiamo ', f.item, '.'],
      (f) => ['Non abbiamo ', f.item, '.'],
      (f) => ['Qualcosa di simile: ', f.substitute, f.difference && [' (', f.difference, ')'], '.'],
      (f) => ['Lo trovi qui: ', f.referral],
      'Per gli allergeni chiedi al nostro personale.',
    ],
  ],
};
