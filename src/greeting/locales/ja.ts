// Compiled from ja.mf2 by scripts/compile-messages.mjs: change that file.
import type { Locale } from '../messages.js';

/** Japanese. A draft: two native readers have yet to sign it. */
export const ja: Locale = {
  lang: 'ja',
  dir: 'ltr',
  review: 'draft',
  words: [
    [
      (f) => (!f.family && !f.display ? f.given : !f.family ? f.display : f.family),
      (f) =>
        f.daypart === 'morning'
          ? 'おはようございます'
          : f.daypart === 'evening'
            ? 'こんばんは'
            : f.daypart === 'night'
              ? 'いらっしゃいませ'
              : 'こんにちは',
      ['いらっしゃいませ。'],
      [
        (f) => [f.name && [f.name, '様、'], 'いらっしゃいませ。'],
        (f) => [f.name && [f.name, '様、'], 'こんにちは。'],
      ],
      [
        (f) => [f.name && [f.name, '様、'], 'またお越しいただきありがとうございます。'],
        (f) => [f.name && [f.name, '様、'], 'またお会いできてうれしいです。'],
      ],
      [
        (f) => [f.name && [f.name, '様、'], f.hello, '。いつもありがとうございます。'],
        (f) => [f.name && [f.name, '様、'], 'いつもありがとうございます。'],
      ],
      [(f) => [f.name && [f.name, '様、'], 'お会いできてうれしいです。']],
      (f) => ['いつもの', f.items, f.table && ['、テーブル', f.table], 'でよろしいですか。'],
      (f) => ['前回は', f.items, 'でした。'],
      (f) => ['いつもの', f.items, 'ですね。本日はどうなさいますか。'],
      (f) => [f.first, f.second],
      (f) => [f.item, f.modifiers && ['（', f.modifiers, '）']],
      (f) => [f.first, '、', f.second],
      (f) => [f.item, '×', f.count],
      (f) => ['ほか', f.count, '点'],
      (f) => [f.modifier, 'なし'],
      (f) => [f.modifier, '多め'],
      (f) => [f.item, f.group && ['の', f.group], 'は', f.options, '、どうなさいますか。'],
      '通常',
    ],
    [
      [(f) => [f.name && [f.name, '様、'], 'お誕生日おめでとうございます。']],
      [
        (f, l) => [
          f.name && [f.name, '様、'],
          '本日で',
          { type: 'ordinal', value: l.n(f.ordinal) },
          '回目のご来店です。ありがとうございます。',
        ],
      ],
      [
        (f) => [
          f.name && [f.name, '様、'],
          'お知らせくださりありがとうございました。今は問題がなければ幸いです。',
        ],
      ],
      (f) => [f.name && [f.name, '様、'], '申し訳ございません。'],
      (f) => [f.weekday && [f.weekday, 'に'], '不手際がございました。'],
      (f) => [!f.staff ? 'ただいま' : [f.staff, 'が'], '対応しています。'],
      (f) => ['ご連絡先：', f.contact, '。'],
    ],
    [
      (f) => ['ご注文は', f.count, '回です。'],
      (f) => ['この', f.days, '日間のご注文は', f.count, '回です。'],
      (f) => ['ご注文日：', f.dates, '。'],
      (f) => ['ほか', f.count, '日'],
      '前回お求めになった品です。',
      (f) => ['最近', f.of, '回のうち', f.count, '回お求めです。'],
      (f) => [
        '最近',
        f.of,
        '回の',
        f.daypart === 'morning'
          ? [f.which, '朝']
          : f.daypart === 'afternoon'
            ? [f.which, '午後']
            : f.daypart === 'evening'
              ? [f.which, '晩']
              : 'この時間帯',
        'のうち',
        f.count,
        '回お求めです。',
      ],
      (f) => (f.week === 'weekend' ? '週末の' : f.week === 'weekday' ? '平日の' : ''),
      (f) => [f.date, 'にお知らせいただきました。'],
      (f) => [f.date, 'に当店で記録しました。'],
      (f) => [
        f.level === 'none'
          ? '皆様にこう挨拶しています'
          : f.level === 'device'
            ? 'この端末が覚えています'
            : f.level === 'claimed'
              ? 'お知らせいただきました'
              : 'ログイン中です',
        '。',
      ],
      (f) => [f.item, 'をお求めの方によく選ばれます。'],
      (f) => ['カートの', f.item, 'に合います。'],
      '当店で人気の品です。',
      (f) => [f.date, 'に不手際があり、まだ解決していません。'],
      (f) => ['不手際は', f.date, 'に解決しました。'],
      '普段はもっとお越しいただいています。',
      '挨拶の効果を知るため、抽選で一部のお客様には簡素に挨拶しています。',
      (f) => [f.item, 'がなくなる頃かもしれません。'],
      (f) => ['およそ', f.days, '日ごとにお求めです。'],
      (f) => [f.item, 'は現在', f.is, 'です（以前', f.was, '）。'],
      (f) => [f.item, 'は終了しました。'],
      (f) => [f.item, 'はただいま品切れです。'],
      (f) => [f.item, 'に', f.modifier, 'はございません。'],
      (f) => [f.item, f.modifier && ['（', f.modifier, '）'], '：選択が必要です。'],
      (f) => ['お選びください：', f.options, '。'],
      (f) => ['はい、', f.item, 'はございます。'],
      (f) => [f.item, 'はございません。'],
      (f) => [
        '近いものでは',
        f.substitute,
        f.difference && ['（', f.difference, '）'],
        'がございます。',
      ],
      (f) => ['こちらにございます：', f.referral],
      'アレルゲンはスタッフにお尋ねください。',
    ],
  ],
};
