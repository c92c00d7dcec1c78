import { expect, it, vi } from 'vitest';
import { maskName, maskText } from '../../../src/identity/mask.js';

it.each([
  ['Shep Parker', 'S*** P.'],
  ['Shep', 'S***'],
  ['shep  de la  parker', 's*** p.'],
  ['Émilie Zoë', 'É*** Z.'],
  ['E\u0301milie', 'É***'],
  ['山田 太郎', '山*** 太.'],
  ['किरण', 'कि***'],
  ['سارة علي', 'س*** ع.'],
  ['<img src=x onerror=alert(1)>', 'i*** o.'],
  ['\u202eShep\u202c Parker', 'S*** P.'],
  ['__proto__', 'p***'],
  ['😀 Shep', 'S***'],
  ['👩‍👩‍👧', '***'],
  ['\ud83d', '***'],
  ['', '***'],
])('%s is known to its owner alone as %s', (name, masked) => {
  expect(maskName(name)).toBe(masked);
});

it('a name of 10,000 characters looks like any other', () => {
  expect(maskName('a'.repeat(10_000))).toBe('a***');
});

it.each([
  ['+14255550100', '***0100'],
  ['12345678', '***78'],
  ['123456789', '***789'],
  ['12345', '***'],
  ['', '***'],
  ['abcdef👩‍👩‍👧é', '***👩‍👩‍👧é'],
])('of "%s" at most a third shows: %s', (text, masked) => {
  expect(maskText(text)).toBe(masked);
});

it('without a segmenter a character keeps its marks', () => {
  vi.stubGlobal('Intl', { ...Intl, Segmenter: undefined });
  try {
    expect(maskText('abcdefge\u0301x')).toBe('***ge\u0301x');
    expect(maskText('\u0301')).toBe('***');
    expect(maskText('')).toBe('***');
  } finally {
    vi.unstubAllGlobals();
  }
});
