// Compiled from ko.mf2 by scripts/compile-messages.mjs: change that file.
import type { Locale } from '../messages.js';

/** Korean. A draft: two native readers have yet to sign it. */
export const ko: Locale = {
  lang: 'ko',
  dir: 'ltr',
  review: 'draft',
  words: [
    [
      (f) => (!f.full && !f.display ? f.given : !f.full ? f.display : f.full),
      (f) => (f.daypart === 'morning' ? '좋은 아침입니다' : '안녕하세요'),
      ['어서 오세요.'],
      [
        (f) => [f.name && [f.name, '님, '], '어서 오세요.'],
        (f) => [f.name && [f.name, '님, '], '안녕하세요.'],
      ],
      [
        (f) => [f.name && [f.name, '님, '], '다시 찾아 주셔서 감사합니다.'],
        (f) => [f.name && [f.name, '님, '], '다시 뵙게 되어 반갑습니다.'],
      ],
      [
        (f) => [f.name && [f.name, '님, '], f.hello, '. 늘 찾아 주셔서 감사합니다.'],
        (f) => [f.name && [f.name, '님, '], '늘 찾아 주셔서 감사합니다.'],
      ],
      [(f) => [f.name && [f.name, '님, '], '뵙게 되어 반갑습니다.']],
      (f) => [
        '늘 드시던 대로 ',
        f.items,
        ', ',
        f.table && [f.table, '번 테이블로 '],
        '괜찮으시겠습니까?',
      ],
      (f) => ['지난번 주문: ', f.items, '.'],
      (f) => ['늘 드시던 대로 ', f.items, '. 오늘은 어떻게 드릴까요?'],
      (f) => [f.first, ' ', f.second],
      (f) => [f.item, f.modifiers && [' (', f.modifiers, ')']],
      (f) => [f.first, ', ', f.second],
      (f) => [f.item, ' ', f.count, '개'],
      (f) => ['외 ', f.count, '개'],
      (f) => [f.modifier, ' 없이'],
      (f) => [f.modifier, ' 추가'],
      (f) => [f.item, f.group && [' ', f.group], ': ', f.options, ' 중 어느 것으로 하시겠습니까?'],
      '기본',
    ],
    [
      [(f) => [f.name && [f.name, '님, '], '생일 축하드립니다.']],
      [
        (f, l) => [
          f.name && [f.name, '님, '],
          '오늘로 ',
          { type: 'ordinal', value: l.n(f.ordinal) },
          '번째 방문이십니다. 감사합니다.',
        ],
      ],
      [(f) => [f.name && [f.name, '님, '], '알려 주셔서 감사합니다. 이제 괜찮으시기를 바랍니다.']],
      (f) => [f.name && [f.name, '님, '], '죄송합니다.'],
      (f) => [f.weekday && [f.weekday, '에 '], '문제가 있었습니다.'],
      (f) => [!f.staff ? '저희가' : ['담당: ', f.staff, '. 지금'], ' 처리하고 있습니다.'],
      (f) => ['문의: ', f.contact, '.'],
    ],
    [
      (f) => [f.count, '번 주문하셨습니다.'],
      (f) => ['최근 ', f.days, '일 동안 ', f.count, '번 주문하셨습니다.'],
      (f) => ['주문하신 날: ', f.dates, '.'],
      (f) => ['외 ', f.count, '일'],
      '지난번에 주문하셨습니다.',
      (f) => ['최근 ', f.of, '번 중 ', f.count, '번 주문하셨습니다.'],
      (f) => [
        '최근 ',
        f.of,
        '번의 ',
        f.daypart === 'morning'
          ? [f.which, '아침']
          : f.daypart === 'afternoon'
            ? [f.which, '오후']
            : f.daypart === 'evening'
              ? [f.which, '저녁']
              : '이 시간대',
        ' 중 ',
        f.count,
        '번 주문하셨습니다.',
      ],
      (f) => (f.week === 'weekend' ? '주말 ' : f.week === 'weekday' ? '평일 ' : ''),
      (f) => [f.date, '에 알려 주셨습니다.'],
      (f) => [f.date, '에 매장에서 기록했습니다.'],
      (f) => [
        f.level === 'none'
          ? '모든 분께 이렇게 인사드립'
          : f.level === 'device'
            ? '이 기기에 기억되어 있습'
            : f.level === 'claimed'
              ? '누구신지 알려 주셨습'
              : '로그인되어 있습',
        '니다.',
      ],
      (f) => [f.item, ' 구매 고객이 자주 찾습니다.'],
      (f) => ['장바구니의 ', f.item, ', 함께 어울립니다.'],
      '이 매장에서 인기입니다.',
      (f) => [f.date, '에 문제가 있었고 아직 해결 중입니다.'],
      (f) => ['지난 문제는 ', f.date, '에 해결되었습니다.'],
      '평소에는 더 자주 오십니다.',
      '인사의 효과를 알아보려고 추첨한 일부 고객께는 간단히 인사드립니다.',
      (f) => ['곧 떨어질지도 모릅니다: ', f.item, '.'],
      (f) => ['약 ', f.days, '일마다 주문하십니다.'],
      (f) => [f.item, ': 현재 ', f.is, ' (이전 ', f.was, ').'],
      (f) => ['판매 종료: ', f.item, '.'],
      (f) => ['지금은 품절입니다: ', f.item, '.'],
      (f) => [f.item, ': ', f.modifier, ' 선택 불가.'],
      (f) => [f.item, f.modifier && [', ', f.modifier], ': 선택이 필요합니다.'],
      (f) => ['선택해 주세요: ', f.options, '.'],
      (f) => ['네, 있습니다: ', f.item, '.'],
      (f) => ['없습니다: ', f.item, '.'],
      (f) => ['비슷한 상품: ', f.substitute, f.difference && [' (', f.difference, ')'], '.'],
      (f) => ['구하실 수 있는 곳: ', f.referral],
      '알레르기 성분은 직원에게 문의해 주세요.',
    ],
  ],
};
