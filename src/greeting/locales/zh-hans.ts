// Compiled from zh-Hans.mf2 by scripts/compile-messages.mjs: change that file.
import type { Locale } from '../messages.js';

/** Chinese, simplified. A draft: two native readers have yet to sign it. */
export const zhHans: Locale = {
  lang: 'zh-Hans',
  dir: 'ltr',
  review: 'draft',
  words: [
    [
      (f) =>
        !f.title && !f.full && !f.display
          ? f.given
          : !f.title && !f.full
            ? f.display
            : !f.title
              ? f.full
              : [f.family, f.title],
      (f) => [
        f.daypart === 'morning'
          ? '早上'
          : f.daypart === 'afternoon'
            ? '下午'
            : f.daypart === 'evening'
              ? '晚上'
              : '您',
        '好',
      ],
      ['欢迎光临。'],
      [
        (f) => [f.name && [f.name, '，'], '欢迎光临。'],
        (f) => [f.name && [f.name, '，'], '您好。'],
      ],
      [
        (f) => [f.name && [f.name, '，'], '欢迎再次光临。'],
        (f) => [f.name && [f.name, '，'], '很高兴再次见到您。'],
      ],
      [
        (f) => [f.name && [f.name, '，'], f.hello, '。感谢您常来。'],
        (f) => [f.name && [f.name, '，'], '欢迎再次光临。'],
      ],
      [
        (f) => [f.name && [f.name, '，'], '很高兴见到您。'],
        (f) => [f.name && [f.name, '，'], '能再见到您真好。'],
      ],
      (f) => ['还是老样子：', f.items, f.table && ['，', f.table, '号桌'], '？'],
      (f) => ['上次点的是：', f.items, '。'],
      (f) => ['还是老样子：', f.items, '。今天您想怎么点？'],
      (f) => [f.first, f.second],
      (f) => [f.item, f.modifiers && ['（', f.modifiers, '）']],
      (f) => [f.first, '、', f.second],
      (f) => [f.count, '份', f.item],
      (f) => ['另外', f.count, '种'],
      (f) => ['不要', f.modifier],
      (f) => ['多加', f.modifier],
      (f) => [f.item, f.group && ['，', f.group], '：', f.options, '？'],
      '正常',
    ],
    [
      [(f) => [f.name && [f.name, '，'], '生日快乐。']],
      [
        (f, l) => [
          f.name && [f.name, '，'],
          '这是您第',
          { type: 'ordinal', value: l.n(f.ordinal) },
          '次光临。谢谢您。',
        ],
      ],
      [(f) => [f.name && [f.name, '，'], '谢谢您告诉我们，希望现在一切都好。']],
      (f) => [f.name && [f.name, '，'], '非常抱歉。'],
      (f) => [f.weekday, '我们出了差错。'],
      (f) => [!f.staff ? '我们' : f.staff, '正在处理。'],
      (f) => ['联系方式：', f.contact, '。'],
    ],
    [
      (f) => ['您在这里点过', f.count, '次。'],
      (f) => ['最近', f.days, '天您在这里点过', f.count, '次。'],
      (f) => ['您在这些日子点过：', f.dates, '。'],
      (f) => ['另外', f.count, '天'],
      '您上次来时买过。',
      (f) => ['您最近', f.of, '次来时有', f.count, '次买了它。'],
      (f) => [
        '您最近',
        f.of,
        '次',
        f.daypart === 'morning'
          ? [f.which, '早上']
          : f.daypart === 'afternoon'
            ? [f.which, '下午']
            : f.daypart === 'evening'
              ? [f.which, '晚上']
              : '在这个时段',
        '来时有',
        f.count,
        '次点了它。',
      ],
      (f) => (f.week === 'weekend' ? '周末' : f.week === 'weekday' ? '工作日' : ''),
      (f) => ['您在', f.date, '告诉我们的。'],
      (f) => ['本店在', f.date, '记下的。'],
      (f) => [
        f.level === 'none'
          ? '我们这样欢迎每一位客人'
          : f.level === 'device'
            ? '这台设备记得您'
            : f.level === 'claimed'
              ? '您告诉了我们您是谁'
              : '您已登录',
        '。',
      ],
      (f) => ['购买', f.item, '的顾客也常买这个。'],
      (f) => ['和您购物车里的', f.item, '很搭。'],
      '本店热门。',
      (f) => [f.date, '出了差错，还没有解决。'],
      (f) => ['之前的差错已在', f.date, '解决。'],
      '您平时来得更勤。',
      '部分顾客经抽签只得到简单问候，好让我们了解问候的用处。',
      (f) => [f.item, '可能快用完了。'],
      (f) => ['您大约每', f.days, '天买一次。'],
      (f) => [f.item, '现价', f.is, '（之前', f.was, '）。'],
      (f) => ['我们不再供应', f.item, '。'],
      (f) => [f.item, '暂时缺货。'],
      (f) => [f.item, '不能选', f.modifier, '。'],
      (f) => [f.item, f.modifier && ['，', f.modifier], '：还需选择。'],
      (f) => ['请选择：', f.options, '。'],
      (f) => ['有的，我们有', f.item, '。'],
      (f) => ['我们没有', f.item, '。'],
      (f) => ['相近的有：', f.substitute, f.difference && ['（', f.difference, '）'], '。'],
      (f) => ['您可以在这里买到：', f.referral],
      '有关过敏原，请询问我们的店员。',
    ],
  ],
};
