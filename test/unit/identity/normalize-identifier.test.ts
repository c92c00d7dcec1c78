import { describe, expect, it, vi } from 'vitest';
import { normalizeIdentifier } from '../../../src/identity/normalize-identifier.js';
import type { NormalizeResult } from '../../../src/identity/types.js';

const TYPES = ['account', 'loyalty', 'phone', 'email', 'device', 'table-token'];

/** The normal form, or the reason in brackets. */
function outcome(result: NormalizeResult): string {
  return result.ok ? result.identifier.value : `[${result.reason}]`;
}
const normal = (type: string, value: unknown, region?: string): string =>
  outcome(normalizeIdentifier(type, value, region === undefined ? {} : { region }));

describe('junk', () => {
  const junk: readonly (readonly [value: unknown, reason: string])[] = [
    ['', '[empty]'],
    ['  ', '[empty]'],
    [null, '[empty]'],
    [undefined, '[empty]'],
    ['null', '[placeholder]'],
    ['Undefined', '[placeholder]'],
    ['NaN', '[placeholder]'],
    [Number.NaN, '[placeholder]'],
    ['[object Object]', '[placeholder]'],
    ['true', '[placeholder]'],
    ['FALSE', '[placeholder]'],
    ['anonymous', '[placeholder]'],
    ['Guest', '[placeholder]'],
    [' test ', '[placeholder]'],
    ['None', '[placeholder]'],
    ['n/a', '[placeholder]'],
    ['-1', '[placeholder]'],
    [-1, '[placeholder]'],
    [0, '[placeholder]'],
    ['0', '[placeholder]'],
    ['---', '[placeholder]'],
    ['000-000-0000', '[placeholder]'],
    ['(000) 000 0000', '[placeholder]'],
    ['999-999-9999', '[placeholder]'],
    ['+1 111 111 1111', '[placeholder]'],
    ['ｎｕｌｌ', '[placeholder]'],
  ];
  for (const type of TYPES)
    it(`is refused with its reason as ${type}, whatever way it is written`, () => {
      expect(junk.map(([value]) => [value, normal(type, value, 'US')])).toEqual(junk);
    });

  it('that is no text at all is invalid and throws nothing', () => {
    const hostile = {
      toString: () => {
        throw new Error('no');
      },
    };
    const values = [Symbol('s'), 10n, true, false, {}, [], hostile, () => '', new Date(0)];
    for (const type of TYPES)
      for (const value of values) expect(normal(type, value)).toBe('[invalid]');
  });

  it('of 10,000 characters is too long for every type', () => {
    for (const type of TYPES) expect(normal(type, 'a1'.repeat(5000))).toBe('[too-long]');
  });

  it('as the name of a type is told apart', () => {
    const bad = [
      '',
      ' ',
      'a\0b',
      '__proto__',
      '+14255550100',
      'shep@example.com',
      'Email',
      '7',
      'a b',
    ];
    const more = ['account:', 'account:Magento', 'phone:home', 'device:x', 'a:b', 'account:a:b', 'x'.repeat(33)]; // prettier-ignore
    for (const type of [...bad, ...more, 7, null, {}]) {
      expect(normal(type as string, 'x')).toBe('[bad-type]');
      expect(normal(type as string, null)).toBe('[bad-type]');
    }
    for (const type of [
      'tableToken',
      'a',
      'till_3.b',
      'account:magento',
      'account:pos-1',
      'loyalty:miles',
    ])
      expect(normal(type, '\t4a ')).toMatch(/^4a$/i);
  });
});

describe('numbers', () => {
  it('are taken as text, and the answer says so', () => {
    const converted = normalizeIdentifier('account', 42);
    const text = normalizeIdentifier('account', '42');
    expect(converted).toEqual({
      ok: true,
      identifier: { type: 'account', value: '42', matchKey: '42', converted: true },
    });
    expect(text).toMatchObject({ identifier: { value: '42', converted: false } });
    expect(normal('phone', 4255550100, 'US')).toBe('+14255550100');
  });

  it('that are not whole, or too large to be exact, are invalid', () => {
    for (const value of [4.5, Infinity, -Infinity, 2 ** 53, 1e21])
      expect(normal('account', value)).toBe('[invalid]');
  });
});

describe('account and types of the host', () => {
  it('are opaque: trimmed, and nothing else changes', () => {
    expect(normal('account', '  User_42/Ä ')).toBe('User_42/Ä');
    expect(normal('my-app', ' n-u-l-l ')).toBe('n-u-l-l');
    expect(normal('account', '<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
    expect(normal('account', '__proto__')).toBe('__proto__');
  });

  it('may count up to 999 in one digit', () => {
    expect(normal('account', '7')).toBe('7');
    expect(normal('account', '999')).toBe('999');
    expect(normal('account', '9999')).toBe('[placeholder]');
  });

  it('hold at most 128 characters', () => {
    expect(normal('account', 'x'.repeat(128))).toBe('x'.repeat(128));
    expect(normal('account', 'x'.repeat(129))).toBe('[too-long]');
  });

  it('hold no control character and no half of a character, which would make two of them one', () => {
    expect(normal('account', 'a\0b')).toBe('[invalid]');
    expect(normal('account', 'a\ud800')).toBe('[invalid]');
    expect(normal('account', 'a😀')).toBe('a😀');
  });
});

describe('loyalty', () => {
  it('is upper-case, without spaces and dashes', () => {
    for (const typed of ['ab12-34 56', ' AB 123456', 'ａｂ１２３４５６', 'AB\u2013123\u200b456'])
      expect(normal('loyalty', typed)).toBe('AB123456');
  });

  it('that reads as a placeholder once it is joined is one', () => {
    expect(normal('loyalty', 'n-u-l-l')).toBe('[placeholder]');
    expect(normal('loyalty', '\u2013 \u2013')).toBe('[placeholder]');
  });

  it("of another programme is written like the shop's own, and not held to its rules", () => {
    const loyalty = { check: 'luhn', pattern: /^9/ } as const;
    expect(outcome(normalizeIdentifier('loyalty:miles', 'ab-12', { loyalty }))).toBe('AB12');
    expect(outcome(normalizeIdentifier('account', '1234', { loyalty }))).toBe('1234');
  });

  it('may grow beyond 128 only by its spelling, and is then too long', () => {
    expect(normal('loyalty', 'ﷺ'.repeat(30))).toBe('[too-long]');
  });
});

describe("the shop's own identifiers", () => {
  const own = ['+1 (425) 555-0199', 'Hello@Blue-Door.example', 'bluedoor@gmail.com', 'invalid'];
  const reason = (type: string, value: string): string =>
    outcome(normalizeIdentifier(type, value, { region: 'US', own }));

  it('identify nobody, however they are spelled', () => {
    expect(reason('phone', '425.555.0199')).toBe('[own]');
    expect(reason('email', 'hello@blue-door.EXAMPLE')).toBe('[own]');
    expect(reason('email', 'Blue.Door+till@gmail.com')).toBe('[own]');
  });

  it('leave everybody else alone', () => {
    expect(reason('phone', '425 555 0100')).toBe('+14255550100');
    expect(reason('email', 'hallo@blue-door.example')).toBe('hallo@blue-door.example');
    expect(reason('email', 'n@v.example')).toBe('n@v.example');
    expect(reason('account', 'n')).toBe('n');
  });
});

describe('e-mail', () => {
  it('is trimmed, lower-case, its domain in punycode', () => {
    expect(normal('email', ' Shep.Parker@Example.COM ')).toBe('shep.parker@example.com');
    expect(normal('email', 'info@bücher.example')).toBe('info@xn--bcher-kva.example'); // RFC 3492
    expect(normal('email', 'ＳＨＥＰ＠ｅｘａｍｐｌｅ．ｃｏｍ')).toBe('shep@example.com');
    expect(normal('email', "o'brien+shop=1@a.b-c.example")).toBe("o'brien+shop=1@a.b-c.example");
    expect(normal('email', 'josé@example.com')).toBe('josé@example.com');
    expect(normal('email', '\u202a\u200bshep\u00ad@example.com\u202c')).toBe('shep@example.com');
  });

  it('with anything that is no plain address is invalid', () => {
    const invalid = [
      'shep', '@example.com', 'shep@', 'a@b@example.com', 'shep parker@example.com',
      'shep@exa mple.com', '.shep@example.com', 'shep.@example.com', 'sh..ep@example.com',
      'shep@example..com', 'shep@.example.com', 'shep@example.com.', 'shep@localhost',
      '"shep"@example.com', '"a@b"@example.com', 'Shep <shep@example.com>', 'mailto:shep@example.com',
      'shep@127.0.0.1', 'shep@[127.0.0.1]', 'shep@0x7f.1', 'shep@example.com/x', 'shep@example.com:80',
      'shep@exa%6dple.com', 'shep@-example.com', 'shep@exam_ple.com', 'shep@example.1com',
      'shep@xn--a.com', 'a,b@example.com', 'shep\u0000@example.com', '\ud800@example.com',
      `shep@${'a'.repeat(64)}.com`,
    ]; // prettier-ignore
    expect(invalid.filter((value) => normal('email', value) !== '[invalid]')).toEqual([]);
  });

  it('keeps to 64 characters before the @ and 254 in all (RFC 5321)', () => {
    const domain = `${'a'.repeat(61)}.${'b'.repeat(61)}.${'c'.repeat(61)}.example`;
    expect(normal('email', `${'x'.repeat(64)}@example.com`)).toHaveLength(76);
    expect(normal('email', `${'x'.repeat(65)}@example.com`)).toBe('[too-long]');
    expect(normal('email', `${'x'.repeat(254 - domain.length - 1)}@${domain}`)).toHaveLength(254);
    expect(normal('email', `${'x'.repeat(254 - domain.length)}@${domain}`)).toBe('[too-long]');
  });

  it('that grows beyond 254 in punycode is too long', () => {
    const label = 'ü'.repeat(40);
    expect(normal('email', `${'x'.repeat(60)}@${`${label}.`.repeat(4)}example`)).toBe('[too-long]');
  });

  it('takes ASCII domains alone where there is no URL', () => {
    vi.stubGlobal('URL', undefined);
    try {
      expect(normal('email', 'Shep@Example.com')).toBe('shep@example.com');
      expect(normal('email', 'info@bücher.example')).toBe('[invalid]');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('suggests by the rules of Gmail, and identifies without them', () => {
    const forms = (value: string): unknown => {
      const result = normalizeIdentifier('email', value);
      return result.ok && [result.identifier.value, result.identifier.matchKey];
    };
    expect(forms('Jane.Doe+home@gmail.com')).toEqual([
      'jane.doe+home@gmail.com',
      'janedoe@gmail.com',
    ]);
    expect(forms('j.d@googlemail.com')).toEqual(['j.d@googlemail.com', 'jd@googlemail.com']);
    expect(forms('Jane.Doe+home@example.com')).toEqual([
      'jane.doe+home@example.com',
      'jane.doe+home@example.com',
    ]);
    expect(forms('j.d@notgmail.com')).toEqual(['j.d@notgmail.com', 'j.d@notgmail.com']);
    expect(forms('+tag@gmail.com')).toEqual(['+tag@gmail.com', '+tag@gmail.com']);
  });

  // Outside oracle: the normalization examples that Unified ID 2.0 publishes with their SHA-256 (uid2docs, gs-normalization-encoding).
  it.each([
    ['MyEmail@example.com', '16c18d336f0b250f0e2d907452ceb9658a74ecdae8bc94864c23122a72cc27a5'],
    ['My.Email@example.com', 'e22b53bc6f871274f3a62ab37a3caed7214fc14d676215a96a242fcfada1c81f'],
    ['JaneSaoirse@example.com', 'd6670e7a92007f1b5ff785f1fc81e53aa6d3d7bd06bdf5c473cdc7286c284b6d'],
    [
      'Jane.Saoirse@example.com',
      'b196432c7b989a2ca91c83799957c515da53e6c13abf20b78fea94f117e90bf8',
    ],
    [
      'JaneSaoirse+Work@example.com',
      '28aaee4815230cd3b4ebd88c515226550666e91ac019929e3adac3f66c288180',
    ],
    ['JANE.SAOIRSE@gmail.com', '92ee26057ed9dea2535d6c8b141d48373932476599196e00352254896db5888f'],
    [
      'JaneSaoirse+Work@gmail.com',
      '92ee26057ed9dea2535d6c8b141d48373932476599196e00352254896db5888f',
    ],
    ['1 (234) 567-8901', '10e6f0b47054a83359477dcb35231db6de5c69fb1816e1a6b98e192de9e5b9ee'],
  ])('and phone come to the form that UID2 publishes a hash of: %s', async (value, hash) => {
    const type = value.includes('@') ? 'email' : 'phone';
    const result = normalizeIdentifier(type, value, { region: 'US' });
    const text = new TextEncoder().encode(result.ok ? result.identifier.matchKey : '');
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text));
    expect(Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')).toBe(hash);
  });
});
