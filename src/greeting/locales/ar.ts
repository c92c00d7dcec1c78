// Compiled from ar.mf2 by scripts/compile-messages.mjs: change that file.
import type { Locale } from '../messages.js';

/** Arabic. A draft: two native readers have yet to sign it. */
export const ar: Locale = {
  lang: 'ar',
  dir: 'rtl',
  review: 'draft',
  words: [
    [
      (f) => (!f.given ? f.display : f.given),
      (f) =>
        f.daypart === 'morning' ? 'صباح الخير' : f.daypart === 'evening' ? 'مساء الخير' : 'مرحبًا',
      ['أهلًا وسهلًا.'],
      [
        (f) => ['أهلًا وسهلًا', f.name && ['، ', f.name], '.'],
        (f) => ['مرحبًا', f.name && ['، ', f.name], '.'],
      ],
      [
        (f) => ['أهلًا بعودتك', f.name && ['، ', f.name], '.'],
        (f) => ['سعداء برؤيتك من جديد', f.name && ['، ', f.name], '.'],
      ],
      [
        (f) => [f.hello, f.name && ['، ', f.name], '. سعداء بوجودك.'],
        (f) => ['أهلًا بعودتك', f.name && ['، ', f.name], '.'],
      ],
      [(f) => ['سعداء برؤيتك', f.name && ['، ', f.name], '.']],
      (f) => ['كالعادة: ', f.items, f.table && ['، على الطاولة ', f.table], '؟'],
      (f) => ['في المرة الماضية: ', f.items, '.'],
      (f) => ['كالعادة: ', f.items, '. ما المطلوب اليوم؟'],
      (f) => [f.first, ' ', f.second],
      (f) => [f.item, f.modifiers && [' (', f.modifiers, ')']],
      (f) => [f.first, '، ', f.second],
      (f) => [f.count, ' × ', f.item],
      (f) => [f.count, ' أخرى'],
      (f) => ['بدون ', f.modifier],
      (f) => [f.modifier, ' إضافي'],
      (f) => [f.item, f.group && ['، ', f.group], ': ', f.options, '؟'],
      'كالمعتاد',
    ],
    [
      [(f) => ['كل عام وأنت بخير', f.name && ['، ', f.name], '.']],
      [
        (f, l) => [
          'هذه زيارتك رقم ',
          { type: 'ordinal', value: l.n(f.ordinal) },
          f.name && ['، ', f.name],
          '. شكرًا.',
        ],
      ],
      [(f) => ['شكرًا لإخبارنا', f.name && ['، ', f.name], '. نأمل أن الأمر بخير الآن.']],
      (f) => ['نعتذر', f.name && ['، ', f.name], '.'],
      (f) => ['حدث خطأ ما', f.weekday && [' يوم ', f.weekday], '.'],
      (f) => [!f.staff ? 'نحن نتابع الأمر' : ['متابعة الأمر لدى ', f.staff], '.'],
      (f) => ['للتواصل: ', f.contact, '.'],
    ],
    [
      (f, l) => [
        'طلبت هنا ',
        l.p(f.count) === 'zero'
          ? [f.count, ' مرة']
          : l.p(f.count) === 'one'
            ? 'مرة'
            : l.p(f.count) === 'two'
              ? 'مرتين'
              : l.p(f.count) === 'few'
                ? [f.count, ' مرات']
                : [f.count, ' مرة'],
        '.',
      ],
      (f) => ['طلباتك خلال ', f.days, ' يومًا: ', f.count, '.'],
      (f) => ['طلبت هذا في: ', f.dates, '.'],
      (f) => [f.count, ' من الأيام الأخرى'],
      'طلبت هذا في المرة الماضية.',
      (f) => ['طلبت هذا هنا: ', f.count, ' من آخر ', f.of, '.'],
      (f) => [
        'طلبت هذا ',
        f.daypart === 'morning'
          ? ['صباحًا', f.which]
          : f.daypart === 'afternoon'
            ? ['بعد الظهر', f.which]
            : f.daypart === 'evening'
              ? ['مساءً', f.which]
              : 'في هذا الوقت',
        ': ',
        f.count,
        ' من آخر ',
        f.of,
        '.',
      ],
      (f) => (f.week === 'weekend' ? ' في العطلة' : f.week === 'weekday' ? ' خلال الأسبوع' : ''),
      (f) => ['أخبرتنا بذلك في ', f.date, '.'],
      (f) => ['سجلنا ذلك في ', f.date, '.'],
      (f) => [
        f.level === 'none'
          ? 'نرحب هكذا بالجميع'
          : f.level === 'device'
            ? 'هذا الجهاز يتذكرك'
            : f.level === 'claimed'
              ? 'أخبرتنا من أنت'
              : 'تم تسجيل دخولك',
        '.',
      ],
      (f) => ['من يشتري ', f.item, ' يشتري هذا كثيرًا.'],
      (f) => ['يناسب ', f.item, ' في سلتك.'],
      'رائج هنا.',
      (f) => ['حدث خطأ ما في ', f.date, ' ولم يُحل بعد.'],
      (f) => ['تم حل الخطأ في ', f.date, '.'],
      'زياراتك عادةً أقرب.',
      'بالقرعة، نرحب ببعض الزبائن ببساطة، لنعرف فائدة الترحيب.',
      (f) => ['ربما أوشك على النفاد: ', f.item, '.'],
      (f, l) => [
        'يتكرر شراؤك لهذا كل ',
        l.p(f.days) === 'zero'
          ? 'يوم'
          : l.p(f.days) === 'one'
            ? 'يوم'
            : l.p(f.days) === 'two'
              ? 'يومين'
              : l.p(f.days) === 'few'
                ? [f.days, ' أيام']
                : l.p(f.days) === 'many'
                  ? [f.days, ' يومًا']
                  : [f.days, ' يوم'],
        ' تقريبًا.',
      ],
      (f) => [f.item, ': الآن ', f.is, ' (كان ', f.was, ').'],
      (f) => ['لم يعد لدينا ', f.item, '.'],
      (f) => [f.item, ' غير متوفر الآن.'],
      (f) => [f.modifier, ' غير متوفر مع ', f.item, '.'],
      (f) => [f.item, f.modifier && ['، ', f.modifier], ': ينقص اختيار.'],
      (f) => ['يُرجى الاختيار: ', f.options, '.'],
      (f) => ['نعم، لدينا ', f.item, '.'],
      (f) => ['ليس لدينا ', f.item, '.'],
      (f) => ['قريب منه: ', f.substitute, f.difference && [' (', f.difference, ')'], '.'],
      (f) => ['متوفر هنا: ', f.referral],
      'يُرجى سؤال فريقنا عن الحساسية.',
    ],
  ],
};
