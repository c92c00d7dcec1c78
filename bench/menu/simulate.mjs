// A restaurant's orders, simulated: the same for the same seed. Guests come in parties with a mind (breakfast, lunch, a family's dinner,
// drinks); a mind has its own sections of the menu and its own favourites in them; some dishes ask for another one. Popularity within a
// section falls as one through the rank.
import { randomOf } from '../support/statistics.mjs';

/** Sections with how many dishes each has. */
const SECTIONS = [
  ['coffee', 10],
  ['pastry', 12],
  ['starter', 10],
  ['main', 24],
  ['side', 10],
  ['dessert', 10],
  ['soft drink', 10],
  ['wine', 14],
];
/** How likely each section is in an order of a mind. */
const MINDS = [
  { share: 0.3, sections: { coffee: 0.95, pastry: 0.7, 'soft drink': 0.15 } },
  { share: 0.3, sections: { main: 0.95, side: 0.45, 'soft drink': 0.6, coffee: 0.2 } },
  {
    share: 0.25,
    sections: { starter: 0.5, main: 1, side: 0.5, dessert: 0.45, wine: 0.5, 'soft drink': 0.3 },
  },
  { share: 0.15, sections: { wine: 0.9, starter: 0.6, dessert: 0.15 } },
];
/** Dishes that ask for another one, and how often they get it. */
const PAIRS = 20;
const ASKED = 0.5;

/** `count` orders of the menu of `seed`, each a list of dishes; `from` draws other orders of the same menu. */
export function simulateMenu(seed, count, from = 0) {
  const make = randomOf(seed);
  const sections = new Map(
    SECTIONS.map(([name, size]) => [
      name,
      Array.from({ length: size }, (_, i) => ({ dish: `${name} ${i + 1}`, weight: 1 / (i + 1) })),
    ]),
  );
  // each mind likes other dishes of a section
  const tastes = MINDS.map(
    ({ sections: own }) =>
      new Map(
        Object.keys(own).map((name) => [
          name,
          sections
            .get(name)
            .map(({ dish, weight }) => ({ dish, weight: weight * 4 ** (2 * make() - 1) })),
        ]),
      ),
  );
  const dishes = [...sections.values()].flat().map(({ dish }) => dish);
  const asks = new Map(
    Array.from({ length: PAIRS }, () => [
      dishes[Math.floor(make() * dishes.length)],
      dishes[Math.floor(make() * dishes.length)],
    ]),
  );
  const random = randomOf(seed * 7919 + from + 1);
  const pick = (list) => {
    let left = random() * list.reduce((sum, { weight }) => sum + weight, 0);
    return list.find(({ weight }) => (left -= weight) <= 0) ?? list[0];
  };
  return Array.from({ length: count }, () => {
    const mind = MINDS.indexOf(pick(MINDS.map((one) => ({ ...one, weight: one.share, one }))).one);
    const order = new Set();
    const guests = 1 + Math.floor(random() * 2);
    for (let guest = 0; guest < guests; guest++)
      for (const [name, chance] of Object.entries(MINDS[mind].sections))
        if (random() < chance) order.add(pick(tastes[mind].get(name)).dish);
    for (const dish of [...order])
      if (asks.has(dish) && random() < ASKED) order.add(asks.get(dish));
    return [...order];
  });
}
