import type { PurchaseLine } from '../../src/profile/types.js';

const DAY_MS = 86_400_000;

const MENU: readonly (readonly [name: string, price: number, milk: boolean])[] = [
  ['Latte', 420, true],
  ['Flat white', 400, true],
  ['Cappuccino', 410, true],
  ['Espresso', 260, false],
  ['Filter coffee', 320, false],
  ['Chai', 430, true],
  ['Green tea', 310, false],
  ['Orange juice', 450, false],
  ['Almond croissant', 390, false],
  ['Butter croissant', 320, false],
  ['Banana bread', 360, false],
  ['Cinnamon roll', 410, false],
  ['Avocado toast', 890, false],
  ['Granola bowl', 760, false],
  ['Bagel with salmon', 980, false],
  ['Tomato soup', 720, false],
];

/** Random numbers from 0 to below 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One to three lines of the menu. */
export function linesOf(random: () => number): readonly PurchaseLine[] {
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    const [name, unitPrice, milk] = MENU[Math.floor(random() * MENU.length)] ?? [
      'Latte',
      420,
      true,
    ];
    return {
      sku: name.toLowerCase().replaceAll(' ', '-'),
      name,
      quantity: 1,
      unitPrice,
      modifiers:
        milk && random() < 0.5 ? [{ group: 'milk', id: 'oat', name: 'Oat', quantity: 1 }] : [],
    };
  });
}

/** When `count` purchases were made, oldest first: every other day or so. */
export function timesOf(count: number, now: number, random: () => number): readonly number[] {
  let at = now - DAY_MS / 4;
  return Array.from({ length: count }, () => {
    at -= DAY_MS * (1 + random() * 2);
    return Math.round(at);
  }).reverse();
}

/** The phone number of the customer with number `i`. */
export function phoneOf(i: number): string {
  return `+1425${String(2_000_000 + i)}`;
}
