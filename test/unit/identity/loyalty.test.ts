import { describe, expect, it } from 'vitest';
import { passesGs1, passesLuhn } from '../../../src/identity/check-digits.js';
import { normalizeIdentifier } from '../../../src/identity/normalize-identifier.js';
import type { LoyaltyRules } from '../../../src/identity/types.js';

function card(value: unknown, loyalty: LoyaltyRules): string {
  const result = normalizeIdentifier('loyalty', value, { loyalty });
  return result.ok ? result.identifier.value : `[${result.reason}]`;
}

describe('check digits', () => {
  // the examples of ISO/IEC 7812-1's formula as they are commonly published, and issuers' test cards
  it('by Luhn hold for published numbers', () => {
    for (const digits of ['79927398713', '49927398716', '4111111111111111', '378282246310005'])
      expect(passesLuhn(digits)).toBe(true);
    for (const digits of ['79927398710', '49927398717', '1234567812345678', '4111111111111112'])
      expect(passesLuhn(digits)).toBe(false);
  });

  // examples of the GS1 General Specifications and of GS1's check digit calculator
  it('by GS1 hold for each of its keys', () => {
    const right = ['40170725', '036000291452', '4006381333931', '9501101530003', '10614141000415'];
    for (const digits of [
      ...right,
      '340123450000000000',
      '106141412345678908',
      '376104250021234569',
    ])
      expect([digits, passesGs1(digits)]).toEqual([digits, true]);
    for (const digits of ['4006381333930', '036000291453', '376104250021234568'])
      expect(passesGs1(digits)).toBe(false);
  });

  it('of what has none are wrong', () => {
    for (const digits of ['', '0', '7', '18a', '٧٩٩٢٧٣٩٨٧١٣', ' 18', '-18', '1.8'])
      expect([digits, passesLuhn(digits), passesGs1(digits)]).toEqual([digits, false, false]);
    expect(passesGs1('0000000000')).toBe(false); // no key of GS1 has ten digits
  });
});

describe('a loyalty card', () => {
  it('is checked as the shop says, however it is written', () => {
    expect(card('7992-7398-713', { check: 'luhn' })).toBe('79927398713');
    expect(card('7992 7398 731', { check: 'luhn' })).toBe('[check-digit]');
    expect(card(79927398713, { check: 'luhn' })).toBe('79927398713');
    expect(card('４００６３８１３３３９３１', { check: 'gs1' })).toBe('4006381333931');
    expect(card('4006381333913', { check: 'gs1' })).toBe('[check-digit]');
    expect(card('7992 7398 710', { check: 'none' })).toBe('79927398710');
    expect(card('7992 7398 710', {})).toBe('79927398710');
  });

  it('that is no number has no check digit', () => {
    expect(card('AB12', { check: 'luhn' })).toBe('[invalid]');
    expect(card('AB12', { check: 'gs1' })).toBe('[invalid]');
  });

  it('is one as a UPC-A and with the 0 that some scanners put in front', () => {
    expect(card('0036000291452', { check: 'gs1' })).toBe('036000291452');
    expect(card('036000291452', { check: 'gs1' })).toBe('036000291452');
    expect(card('0036000291452', { check: 'none' })).toBe('0036000291452');
  });

  it('matches the pattern, each time', () => {
    const pattern = /^9\d{3}[A-Z]$/g; // one that remembers where it stopped
    const all = ['9123a', '9123-b', '8123a', '9123', 'x9123a'].map((value) =>
      card(value, { pattern }),
    );
    expect(all).toEqual(['9123A', '9123B', '[invalid]', '[invalid]', '[invalid]']);
    expect(pattern.lastIndex).toBe(0);
    expect(card('9123a', { pattern: /9\d{3}[A-Z]/y })).toBe('9123A');
    expect(card('4111 1111 1111 1111', { check: 'luhn', pattern: /^6/ })).toBe('[invalid]');
  });

  it('that is a placeholder is told as one first', () => {
    expect(card('0000 0000', { check: 'luhn' })).toBe('[placeholder]');
    expect(card('null', { pattern: /^\d+$/ })).toBe('[placeholder]');
  });
});
