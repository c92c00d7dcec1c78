import { describe, expect, it } from 'vitest';
import { decideReveal } from '../../../src/identity/reveal-field.js';
import type {
  EvidenceLevel,
  Mode,
  RevealContext,
  RevealField,
  RevealOverrides,
} from '../../../src/identity/types.js';

const LEVELS: readonly EvidenceLevel[] = ['none', 'device', 'claimed', 'verified'];

/** One letter a level: y all, m masked, and for a refusal the level it asks for (d, c, v). */
function row(
  field: RevealField,
  context: Partial<RevealContext> & { readonly mode: Mode },
  overrides?: RevealOverrides,
): string {
  return LEVELS.map((level) => {
    const full = { greetByNumber: false, givenHere: false, ...context, level };
    const decision = decideReveal(field, full, overrides);
    return decision.ok ? (decision.masked ? 'm' : 'y') : decision.need.charAt(0);
  }).join('');
}

describe('the table, on a personal device', () => {
  const mode = 'storefront';
  it.each([
    ['greeting', 'yyyy'],
    ['name', 'ccyy'],
    ['taste', 'dyyy'],
    ['points', 'ccmy'],
    ['contact', 'ccmy'],
    ['address', 'ccmy'],
    ['orders', 'ccmy'],
    ['payment', 'ccmy'],
    ['birthday', 'ccmy'],
    ['sensitive', 'vvvy'],
  ] as const)('%s is %s at none, device, claimed, verified', (field, expected) => {
    for (const personal of ['storefront', 'shared', 'staff'] as const) {
      expect(row(field, { mode: personal })).toBe(expected);
      expect(row(field, { mode: personal, greetByNumber: true })).toBe(expected);
    }
  });

  it('a name that was given on this device may be said on it', () => {
    expect(row('name', { mode, givenHere: true })).toBe('dyyy');
  });
});

describe('the table, in a kiosk', () => {
  const mode = 'kiosk';
  it.each([
    ['greeting', 'yyyy'],
    ['name', 'vvvy'],
    ['taste', 'vvvy'],
    ['points', 'ccmy'],
    ['contact', 'vvvy'],
    ['address', 'vvvy'],
    ['orders', 'vvvy'],
    ['payment', 'vvvy'],
    ['birthday', 'vvvy'],
    ['sensitive', 'vvvy'],
  ] as const)('%s is %s at none, device, claimed, verified', (field, expected) => {
    expect(row(field, { mode })).toBe(expected);
    expect(row(field, { mode, givenHere: true })).toBe(expected);
  });

  it('who allowed "greet me by my number" is greeted by name and taste, and nothing more', () => {
    expect(row('name', { mode, greetByNumber: true })).toBe('ccyy');
    expect(row('taste', { mode, greetByNumber: true })).toBe('ccyy');
    expect(row('contact', { mode, greetByNumber: true })).toBe('vvvy');
    expect(row('orders', { mode, greetByNumber: true })).toBe('vvvy');
  });
});

describe('overrides', () => {
  it('tighten any field, what was masked too', () => {
    expect(row('name', { mode: 'storefront', givenHere: true }, { name: 'verified' })).toBe('vvvy');
    expect(row('points', { mode: 'storefront' }, { points: 'verified' })).toBe('vvvy');
    expect(row('greeting', { mode: 'storefront' }, { greeting: 'device' })).toBe('dyyy');
    expect(row('taste', { mode: 'kiosk', greetByNumber: true }, { taste: 'verified' })).toBe(
      'vvvy',
    );
  });

  it('loosen the field they name, and no other', () => {
    expect(row('orders', { mode: 'storefront' }, { orders: 'device' })).toBe('dyyy');
    expect(row('contact', { mode: 'storefront' }, { contact: 'claimed' })).toBe('ccyy');
    expect(row('birthday', { mode: 'storefront' }, { orders: 'device' })).toBe('ccmy');
  });

  it('never bring sensitive things below verified', () => {
    expect(row('sensitive', { mode: 'storefront' }, { sensitive: 'none' })).toBe('vvvy');
  });

  it('loosen nothing of a person in a kiosk but points', () => {
    for (const field of ['contact', 'orders', 'birthday', 'sensitive', 'name', 'taste'] as const)
      expect(row(field, { mode: 'kiosk' }, { [field]: 'none' })).toBe('vvvy');
    expect(row('points', { mode: 'kiosk' }, { points: 'claimed' })).toBe('ccyy');
  });

  it('with a level that does not exist ask for the most', () => {
    const broken = { name: 'everyone' } as unknown as RevealOverrides;
    expect(row('name', { mode: 'storefront', givenHere: true }, broken)).toBe('vvvy');
  });
});

it('a field and a level that nobody knows reveal nothing and throw nothing', () => {
  const context = {
    level: 'claimed',
    mode: 'storefront',
    greetByNumber: true,
    givenHere: true,
  } as const;
  for (const field of ['lastOrder', '__proto__', 'constructor'] as unknown as RevealField[])
    for (const at of ['claimed', 'verified'] as const)
      for (const overrides of [{}, { [field]: 'device' }])
        expect(decideReveal(field, { ...context, level: at }, overrides)).toEqual({
          ok: false,
          need: 'verified',
        });
  const level = 'root' as unknown as EvidenceLevel;
  expect(decideReveal('name', { ...context, level }).ok).toBe(false);
});
