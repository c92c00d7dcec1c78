import { describe, expect, it } from 'vitest';
import { sameMailbox } from '../../../src/identity/same-mailbox.js';
import { readCardText, type ReadCardOptions } from '../../../src/identity/read-card-text.js';

/** The card, or the reason in brackets. */
function read(text: string, options?: ReadCardOptions): string {
  const card = readCardText(text, options);
  return card.ok ? card.loyalty : `[${card.reason}]`;
}

const GSRN = '376104250021234569';
const GDTI = '4012345678901';
const GS = '\x1d';

describe('a scanned text', () => {
  it('that is a plain code is the card, with whatever a scanner says around it', () => {
    for (const text of [
      'AB12-3456',
      ' ab123456\r\n',
      ']A0AB123456',
      ']C0AB123456\t',
      ']Q1ab-123-456',
    ])
      expect(read(text)).toBe('AB123456');
    expect(read('9000 1234 5678')).toBe('900012345678');
    expect(read(']E04006381333931')).toBe('4006381333931');
  });

  it.each([
    `]C18018${GSRN}`,
    `]d28018${GSRN}`,
    `]Q38018${GSRN}${GS}10LOT7`,
    `]e010LOT7${GS}8018${GSRN}`,
    `]J1${GS}8018${GSRN}`,
    `8018${GSRN}`,
    `${GS}8018${GSRN}`,
    `8018${GSRN}\u241d8019001`,
    `]C10104012345678901173012318018${GSRN}`,
    `(8018)${GSRN}`,
    `(8018) ${GSRN} (8019) 001`,
    `(01)04012345678901(8018)${GSRN}`,
    `]C1(8018)${GSRN}`,
    `]C18017${GSRN}`,
    `https://id.gs1.org/8018/${GSRN}`,
    `HTTPS://shop.example/some/where/8018/${GSRN}/8019/1?17=301231#x`,
    `]Q1https://shop.example/8017/${GSRN}`,
    `https://shop.example/8018/%33${GSRN.slice(1)}`,
  ])('that is one of GS1 gives its key: %j', (text) => {
    expect(read(text)).toBe(GSRN);
  });

  it('that is a document of GS1 gives it with its serial', () => {
    expect(read(`]C1253${GDTI}`)).toBe(GDTI);
    expect(read(`]C1253${GDTI}00a1${GS}10LOT`)).toBe(`${GDTI}00A1`);
    expect(read(`(253)${GDTI}0001`)).toBe(`${GDTI}0001`);
    expect(read(`https://shop.example/253/${GDTI}A%2F1`)).toBe(`${GDTI}A/1`);
  });

  it('whose check digit is wrong was misread', () => {
    const wrong = GSRN.replace(/9$/, '8');
    for (const text of [`]C18018${wrong}`, `(8018)${wrong}`, `https://shop.example/8018/${wrong}`])
      expect(read(text)).toBe('[check-digit]');
    expect(read(`]C1253${GDTI.replace(/1$/, '2')}0001`)).toBe('[check-digit]');
    // without anything that says GS1 it may be any number
    expect(read(`8018${wrong}`)).toBe(`8018${wrong}`);
  });

  it('that is no card is refused, whatever it is', () => {
    const other = [
      ...['WIFI:T:WPA;S:cafe;P:secret12;;', 'BEGIN:VCARD\nN:Shep 1\nEND:VCARD', 'mailto:a@b.example'],
      ...['tel:+14255550100', '(425) 555-0100', 'otpauth://totp/x?secret=1', 'javascript:alert(1)'],
      ...['https://shop.example/menu/7', 'https://shop.example/8018', 'https://', 'http://%', '7 apples'],
      ...[`https://shop.example/8018/${GSRN}1`, `https://shop.example/253/toys`, 'hello', '------'],
      ...['https://shop.example/25/34006381333931', 'https://shop.example/8018/%E0%A4%A'],
      ...[`]C1010401234567890110LOT`, `]C18018${GSRN}1`, '(01)04012345678901', '(', ']C1', '%B411^A^1?'],
      ...[';4111111111111111=2512?', '00020101021226', '<b>1</b>', '1'.repeat(65), '\ud8001', '１２'],
      ...['8'.repeat(10_000), '('.repeat(2_000), GS.repeat(2_000), 'https://a/'.padEnd(2_000, '8018/')],
    ]; // prettier-ignore
    const kept = ['00020101021226']; // nothing tells the start of a payment code from a card: give `loyalty.pattern`
    for (const text of other)
      if (!kept.includes(text)) expect([text.slice(0, 40), read(text)]).toEqual([text.slice(0, 40), '[no-card]']); // prettier-ignore
    for (const value of [undefined, null, 7, {}, [], Symbol('s')])
      expect(read(value as string)).toBe('[no-card]');
  });

  it('that is empty is a miss, and a placeholder is none', () => {
    for (const text of ['', '  \r\n', ']Q1', ']E0 ']) expect(read(text)).toBe('[empty]');
    expect(read('00000000')).toBe('[placeholder]');
    expect(read('0000-0000')).toBe('[placeholder]');
  });

  it("of the shop's own gives what its pattern finds", () => {
    const inQuery = { own: /^https:\/\/shop\.example\/[^#]*[?&]card=([^&#]+)/g };
    for (let i = 0; i < 2; i++)
      expect(read('https://shop.example/c?x=1&card=AB%2012', inQuery)).toBe('[no-card]');
    expect(read('https://shop.example/c?x=1&card=AB-12&y', inQuery)).toBe('AB12');
    expect(read('https://shop.example/c?card=AB-12', inQuery)).toBe('AB12');
    expect(read('https://evil.example/c?card=AB-12', inQuery)).toBe('[no-card]');
    expect(read('https://shop.example/c?card=%', inQuery)).toBe('[empty]');
    expect(read('https://shop.example/#card=77', { own: /#card=(\d+)$/ })).toBe('77');
    expect(read('bluedoor:card:77', { own: /^bluedoor:card:(\d+)$/ })).toBe('77');
    expect(read('https://shop.example/card/77', { own: /\/card\/(\w+)$/ })).toBe('77');
    expect(read('plain77', { own: /^nothing(\d)$/ })).toBe('PLAIN77');
    expect(read('plain77', { own: /plain\d+/ })).toBe('PLAIN77'); // no group: nothing is taken from it
  });
});

it('two addresses of Gmail may be one mailbox, and of nobody else', () => {
  expect(sameMailbox('Jane.Doe+home@gmail.com', 'janedoe@googlemail.com')).toBe(true);
  expect(sameMailbox('jane@example.com', ' JANE@example.com ')).toBe(true);
  expect(sameMailbox('jane.doe@example.com', 'janedoe@example.com')).toBe(false);
  expect(sameMailbox('jane+a@example.com', 'jane@example.com')).toBe(false);
  expect(sameMailbox('jane@notgmail.com', 'j.ane@notgmail.com')).toBe(false);
  expect(sameMailbox('nobody', 'nobody')).toBe(false);
  expect(sameMailbox('', '')).toBe(false);
  expect(sameMailbox(undefined as never, undefined as never)).toBe(false);
});
