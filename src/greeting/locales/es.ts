// Compiled from es.mf2 by scripts/compile-messages.mjs: change that file.
import type { Locale } from '../messages.js';

/** Spanish, tú. A draft: two native readers have yet to sign it. */
export const es: Locale = {
  lang: 'es',
  dir: 'ltr',
  review: 'draft',
  words: [
    [
      (f) => (!f.given ? f.display : f.given),
      (f) =>
        f.daypart === 'morning'
          ? 'Buenos días'
          : f.daypart === 'afternoon'
            ? 'Buenas tardes'
            : 'Hola',
      ['Te damos la bienvenida.'],
      [
        (f) => ['Te damos la bienvenida', f.name && [', ', f.name], '.'],
        (f) => ['Hola', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => ['Qué alegría verte de nuevo', f.name && [', ', f.name], '.'],
        (f) => ['Qué bien que estés de vuelta', f.name && [', ', f.name], '.'],
        (f) => ['Un placer verte otra vez', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => [f.hello, f.name && [', ', f.name], '. Qué bueno verte.'],
        (f) => ['Qué alegría verte de nuevo', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => ['Qué alegría verte', f.name && [', ', f.name], '.'],
        (f) => ['Qué bueno verte por aquí otra vez', f.name && [', ', f.name], '.'],
      ],
      (f) => ['¿Lo de siempre: ', f.items, f.table && [', en la mesa ', f.table], '?'],
      (f) => ['La última vez: ', f.items, '.'],
      (f) => ['Lo de siempre: ', f.items, '. ¿Cómo lo quieres hoy?'],
      (f) => [f.first, ' ', f.second],
      (f) => [f.item, f.modifiers && [' (', f.modifiers, ')']],
      (f) => [f.first, ', ', f.second],
      (f) => [f.count, ' × ', f.item],
      (f) => [f.count, ' más'],
      (f) => ['sin ', f.modifier],
      (f) => ['extra de ', f.modifier],
      (f) => [f.item, f.group && [', ', f.group], ': ¿', f.options, '?'],
      'tal cual',
    ],
    [
      [
        (f) => ['Feliz cumpleaños', f.name && [', ', f.name], '.'],
        (f) => ['Que tengas un cumpleaños muy feliz', f.name && [', ', f.name], '.'],
      ],
      [
        (f, l) => [
          'Esta es tu visita número ',
          { type: 'ordinal', value: l.n(f.ordinal) },
          f.name && [', ', f.name],
          '. Gracias.',
        ],
      ],
      [
        (f) => [
          'Gracias por contárnoslo',
          f.name && [', ', f.name],
          '. Esperamos que ya esté todo bien.',
        ],
      ],
      (f) => ['Lo sentimos', f.name && [', ', f.name], '.'],
      (f) => ['Algo salió mal', f.weekday && [' el ', f.weekday], '.'],
      (f) => [!f.staff ? 'Nos estamos' : [f.staff, ' se está'], ' ocupando de ello.'],
      (f) => ['Puedes contactarnos aquí: ', f.contact, '.'],
    ],
    [
      (f, l) => ['Has pedido aquí ', f.count, ' ve', l.p(f.count) === 'one' ? 'z' : 'ces', '.'],
      (f, l) => [
        'Has pedido aquí ',
        f.count,
        ' ve',
        l.p(f.count) === 'one' ? 'z' : 'ces',
        ' en los últimos ',
        f.days,
        ' días.',
      ],
      (f) => ['Pediste esto en estas fechas: ', f.dates, '.'],
      (f, l) => [f.count, ' día', l.p(f.count) === 'one' ? '' : 's', ' más'],
      'Compraste esto en tu última visita.',
      (f) => ['Compraste esto en ', f.count, ' de tus últimas ', f.of, ' visitas.'],
      (f) => [
        'Pediste esto en ',
        f.count,
        ' de tus últimas ',
        f.of,
        ' ',
        f.daypart === 'morning'
          ? ['mañanas aquí', f.which]
          : f.daypart === 'afternoon'
            ? ['tardes aquí', f.which]
            : f.daypart === 'evening'
              ? ['noches aquí', f.which]
              : 'visitas a esta hora del día',
        '.',
      ],
      (f) =>
        f.week === 'weekend' ? ' (fin de semana)' : f.week === 'weekday' ? ' (entre semana)' : '',
      (f) => ['Nos lo dijiste el ', f.date, '.'],
      (f) => ['La tienda lo anotó el ', f.date, '.'],
      (f) => [
        f.level === 'none'
          ? 'Recibimos así a todo el mundo'
          : f.level === 'device'
            ? 'Este dispositivo te recuerda'
            : f.level === 'claimed'
              ? 'Nos dijiste quién eres'
              : 'Tu sesión está iniciada',
        '.',
      ],
      (f) => ['Quien compra ', f.item, ' suele comprar esto también.'],
      (f) => ['Combina con ', f.item, ', que está en tu cesta.'],
      'Muy pedido en esta tienda.',
      (f) => ['Algo salió mal el ', f.date, ' y aún no está resuelto.'],
      (f) => ['Lo que salió mal se resolvió el ', f.date, '.'],
      'Sueles venir más a menudo.',
      'Una parte de la clientela, elegida por sorteo, recibe un saludo sencillo, para que la tienda aprenda de qué sirven los saludos.',
      (f) => ['Quizá se esté acabando: ', f.item, '.'],
      (f, l) => [
        'Compras esto más o menos cada ',
        l.p(f.days) === 'one' ? 'día' : [f.days, ' días'],
        '.',
      ],
      (f) => [f.item, ': ahora ', f.is, ' (antes ', f.was, ').'],
      (f) => ['Ya no tenemos ', f.item, '.'],
      (f) => ['Ahora mismo no tenemos ', f.item, '.'],
      (f) => [f.modifier, ' no está disponible para ', f.item, '.'],
      (f) => [f.item, f.modifier && [', ', f.modifier], ': falta elegir algo.'],
      (f) => ['Elige, por favor: ', f.options, '.'],
      (f) => ['Sí, tenemos ', f.item, '.'],
      (f) => ['No tenemos ', f.item, '.'],
      (f) => ['Algo parecido: ', f.substitute, f.difference && [' (', f.difference, ')'], '.'],
      (f) => ['Lo encuentras aquí: ', f.referral],
      'Pregunta a nuestro equipo por los alérgenos, por favor.',
    ],
  ],
};
