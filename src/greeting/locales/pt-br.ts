// Compiled from pt-BR.mf2 by scripts/compile-messages.mjs: change that file.
import type { Locale } from '../messages.js';

/** Portuguese of Brazil, você. A draft: two native readers have yet to sign it. */
export const ptBr: Locale = {
  lang: 'pt-BR',
  dir: 'ltr',
  review: 'draft',
  words: [
    [
      (f) => (!f.given ? f.display : f.given),
      (f) =>
        f.daypart === 'morning' ? 'Bom dia' : f.daypart === 'afternoon' ? 'Boa tarde' : 'Olá',
      ['Boas-vindas.'],
      [
        (f) => ['Boas-vindas', f.name && [', ', f.name], '.'],
        (f) => ['Olá', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => ['Que bom ver você de novo', f.name && [', ', f.name], '.'],
        (f) => ['Que bom ter você de volta', f.name && [', ', f.name], '.'],
        (f) => ['É um prazer ver você outra vez', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => [f.hello, f.name && [', ', f.name], '. Que bom ver você.'],
        (f) => ['Que bom ver você de novo', f.name && [', ', f.name], '.'],
      ],
      [
        (f) => ['Que bom ver você', f.name && [', ', f.name], '.'],
        (f) => ['Que alegria ver você por aqui', f.name && [', ', f.name], '.'],
      ],
      (f) => ['O de sempre: ', f.items, f.table && [', na mesa ', f.table], '?'],
      (f) => ['Da última vez: ', f.items, '.'],
      (f) => ['O de sempre: ', f.items, '. Como você quer hoje?'],
      (f) => [f.first, ' ', f.second],
      (f) => [f.item, f.modifiers && [' (', f.modifiers, ')']],
      (f) => [f.first, ', ', f.second],
      (f) => [f.count, ' × ', f.item],
      (f) => ['mais ', f.count],
      (f) => ['sem ', f.modifier],
      (f) => [f.modifier, ' extra'],
      (f) => [f.item, f.group && [', ', f.group], ': ', f.options, '?'],
      'como vem',
    ],
    [
      [
        (f) => ['Feliz aniversário', f.name && [', ', f.name], '.'],
        (f) => ['Parabéns pelo seu aniversário', f.name && [', ', f.name], '.'],
      ],
      [
        (f, l) => [
          'Esta é a sua ',
          { type: 'ordinal', value: l.n(f.ordinal) },
          'ª visita',
          f.name && [', ', f.name],
          '. Agradecemos.',
        ],
      ],
      [
        (f) => [
          'Agradecemos por nos contar',
          f.name && [', ', f.name],
          '. Esperamos que agora esteja tudo certo.',
        ],
      ],
      (f) => ['Sentimos muito', f.name && [', ', f.name], '.'],
      (f) => ['Algo deu errado', f.weekday && [' (', f.weekday, ')'], '.'],
      (f) => [!f.staff ? 'Estamos' : [f.staff, ' está'], ' cuidando disso.'],
      (f) => ['Você pode falar com a gente aqui: ', f.contact, '.'],
    ],
    [
      (f, l) => ['Você pediu aqui ', f.count, ' vez', l.p(f.count) === 'one' ? '' : 'es', '.'],
      (f, l) => [
        'Você pediu aqui ',
        f.count,
        ' vez',
        l.p(f.count) === 'one' ? '' : 'es',
        ' nos últimos ',
        f.days,
        ' dias.',
      ],
      (f) => ['Você pediu isto nestas datas: ', f.dates, '.'],
      (f, l) => ['mais ', f.count, ' dia', l.p(f.count) === 'one' ? '' : 's'],
      'Você comprou isto na sua última visita.',
      (f) => ['Você comprou isto em ', f.count, ' das suas últimas ', f.of, ' visitas.'],
      (f) => [
        'Você pediu isto em ',
        f.count,
        ' das suas últimas ',
        f.of,
        ' ',
        f.daypart === 'morning'
          ? ['manhãs aqui', f.which]
          : f.daypart === 'afternoon'
            ? ['tardes aqui', f.which]
            : f.daypart === 'evening'
              ? ['noites aqui', f.which]
              : 'visitas neste período do dia',
        '.',
      ],
      (f) =>
        f.week === 'weekend'
          ? ' no fim de semana'
          : f.week === 'weekday'
            ? ' durante a semana'
            : '',
      (f) => ['Você nos contou em ', f.date, '.'],
      (f) => ['A loja anotou em ', f.date, '.'],
      (f) => [
        f.level === 'none'
          ? 'Recebemos todo mundo assim'
          : f.level === 'device'
            ? 'Este aparelho se lembra de você'
            : f.level === 'claimed'
              ? 'Você nos disse quem é'
              : 'Você entrou na sua conta',
        '.',
      ],
      (f) => ['Quem compra ', f.item, ' costuma comprar isto também.'],
      (f) => ['Combina com ', f.item, ', que está no seu carrinho.'],
      'Muito pedido nesta loja.',
      (f) => ['Algo deu errado em ', f.date, ' e ainda não foi resolvido.'],
      (f) => ['O que deu errado foi resolvido em ', f.date, '.'],
      'Você costuma vir com mais frequência.',
      'Uma parte da clientela, escolhida por sorteio, recebe uma saudação simples, para a loja aprender para que servem as saudações.',
      (f) => ['Talvez esteja acabando: ', f.item, '.'],
      (f, l) => [
        'Você compra isto mais ou menos ',
        l.p(f.days) === 'one' ? 'todo dia' : ['a cada ', f.days, ' dias'],
        '.',
      ],
      (f) => [f.item, ': agora ', f.is, ' (antes ', f.was, ').'],
      (f) => ['Não temos mais ', f.item, '.'],
      (f) => ['No momento não temos ', f.item, '.'],
      (f) => [f.modifier, ' não está disponível para ', f.item, '.'],
      (f) => [f.item, f.modifier && [', ', f.modifier], ': falta uma escolha.'],
      (f) => ['Escolha: ', f.options, '.'],
      (f) => ['Sim, temos ', f.item, '.'],
      (f) => ['Não temos ', f.item, '.'],
      (f) => ['Algo parecido: ', f.substitute, f.difference && [' (', f.difference, ')'], '.'],
      (f) => ['Você encontra aqui: ', f.referral],
      'Para alérgenos, pergunte à nossa equipe.',
    ],
  ],
};
