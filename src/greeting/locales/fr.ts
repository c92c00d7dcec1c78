// Compiled from fr.mf2 by scripts/compile-messages.mjs: change that file.
import type { Locale } from '../messages.js';

/** French, vous. A draft: two native readers have yet to sign it. */
export const fr: Locale = {
  lang: 'fr',
  dir: 'ltr',
  review: 'draft',
  words: [
    [
      (f) => (!f.title && !f.given ? f.display : !f.title ? f.given : [f.title, ' ', f.family]),
      (f) => ['Bon', f.daypart === 'evening' ? 'soi' : f.daypart === 'night' ? 'soi' : 'jou', 'r'],
      ['Bienvenue.'],
      [
        (f) => ['Bienvenue', f.name && [', ', f.name], '.'],
        (f) => ['Bonjour', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => ['Quel plaisir de vous revoir', f.name && [', ', f.name], '.'],
        (f) => ['C’est un plaisir de vous revoir', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => [f.hello, f.name && [', ', f.name], '. Toujours un plaisir de vous voir.'],
        (f) => ['Quel plaisir de vous revoir', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => ['Quel plaisir de vous voir', f.name && [', ', f.name], '.'],
        (f) => ['Cela fait plaisir de vous revoir', f.name && [', ', f.name], '.'],
      ],
      (f) => ['Comme d’habitude : ', f.items, f.table && [', à la table ', f.table], ' ?'],
      (f) => ['La dernière fois : ', f.items, '.'],
      (f) => ['Comme d’habitude : ', f.items, '. Comment le souhaitez-vous aujourd’hui ?'],
      (f) => [f.first, ' ', f.second],
      (f) => [f.item, f.modifiers && [' (', f.modifiers, ')']],
      (f) => [f.first, ', ', f.second],
      (f) => [f.count, ' × ', f.item],
      (f, l) => [f.count, ' autre', l.p(f.count) === 'one' ? '' : 's'],
      (f) => ['sans ', f.modifier],
      (f) => ['supplément ', f.modifier],
      (f) => [f.item, f.group && [', ', f.group], ' : ', f.options, ' ?'],
      'tel quel',
    ],
    [
      [(f) => ['Joyeux anniversaire', f.name && [', ', f.name], '.']],
      [
        (f, l) => [
          'C’est votre ',
          { type: 'ordinal', value: l.n(f.ordinal) },
          l.o(f.ordinal) === 'one' && !f.name
            ? 're visite'
            : l.o(f.ordinal) === 'one'
              ? ['re visite, ', f.name]
              : !f.name
                ? 'e visite'
                : ['e visite, ', f.name],
          '. Merci.',
        ],
      ],
      [
        (f) => [
          'Merci de nous l’avoir dit',
          f.name && [', ', f.name],
          '. Nous espérons que tout va bien maintenant.',
        ],
      ],
      (f) => ['Nous vous présentons nos excuses', f.name && [', ', f.name], '.'],
      (f) => ['Quelque chose s’est mal passé', f.weekday && [' ', f.weekday], '.'],
      (f) => [!f.staff ? 'Nous nous en occupons' : [f.staff, ' s’en occupe'], '.'],
      (f) => ['Pour nous joindre : ', f.contact, '.'],
    ],
    [
      (f) => ['Vous avez commandé ici ', f.count, ' fois.'],
      (f) => ['Vous avez commandé ici ', f.count, ' fois ces ', f.days, ' derniers jours.'],
      (f) => ['Vous avez commandé ceci à ces dates : ', f.dates, '.'],
      (f, l) => [f.count, ' autre', l.p(f.count) === 'one' ? ' jour' : 's jours'],
      'Vous avez commandé ceci à votre dernière visite.',
      (f) => ['Vous avez commandé ceci ', f.count, ' fois en ', f.of, ' visites.'],
      (f) => [
        'Vous avez commandé ceci ',
        f.count,
        ' fois en ',
        f.of,
        ' ',
        f.daypart === 'morning'
          ? ['matins', f.which]
          : f.daypart === 'afternoon'
            ? ['après-midis', f.which]
            : f.daypart === 'evening'
              ? ['soirées', f.which]
              : 'visites à ce moment de la journée',
        '.',
      ],
      (f) =>
        f.week === 'weekend' ? ' (le week-end)' : f.week === 'weekday' ? ' (en semaine)' : '',
      (f) => ['Vous nous l’avez dit le ', f.date, '.'],
      (f) => ['La boutique l’a noté le ', f.date, '.'],
      (f) => [
        f.level === 'none'
          ? 'Tout le monde est accueilli ainsi'
          : f.level === 'device'
            ? 'Cet appareil se souvient de vous'
            : f.level === 'claimed'
              ? 'Vous nous avez dit qui vous êtes'
              : 'Votre session est ouverte',
        '.',
      ],
      (f) => ['La clientèle qui achète ', f.item, ' achète souvent ceci aussi.'],
      (f) => ['Va bien avec ', f.item, ', dans votre panier.'],
      'Très demandé ici.',
      (f) => ['Quelque chose s’est mal passé le ', f.date, ' et n’est pas encore réglé.'],
      (f) => ['Ce qui s’était mal passé a été réglé le ', f.date, '.'],
      'D’habitude, vous venez plus souvent.',
      'Une partie de la clientèle, tirée au sort, reçoit un accueil simple, pour savoir ce qu’un accueil apporte.',
      (f) => ['Peut-être bientôt à racheter : ', f.item, '.'],
      (f, l) => [
        'Vous achetez ceci environ tous les ',
        l.p(f.days) === 'one' ? '' : [f.days, ' '],
        'jours.',
      ],
      (f) => [f.item, ' : maintenant ', f.is, ' (avant : ', f.was, ').'],
      (f) => ['Nous n’avons plus ', f.item, '.'],
      (f) => ['Nous n’avons pas ', f.item, ' en ce moment.'],
      (f) => [f.modifier, ' : pas disponible pour ', f.item, '.'],
      (f) => [f.item, f.modifier && [', ', f.modifier], ' : il manque un choix.'],
      (f) => ['Veuillez choisir : ', f.options, '.'],
      (f) => ['Oui, nous avons ', f.item, '.'],
      (f) => ['Nous n’avons pas ', f.item, '.'],
      (f) => ['Proche : ', f.substitute, f.difference && [' (', f.difference, ')'], '.'],
      (f) => ['Vous le trouverez ici : ', f.referral],
      'Pour les allergènes, veuillez demander à notre équipe.',
    ],
  ],
};
