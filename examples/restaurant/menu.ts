import type { Item, ModifierGroup } from 'regulars';

/** What the page itself says of a dish. */
export interface Dish {
  readonly about: string;
}

const milk: ModifierGroup = {
  id: 'milk',
  name: 'Milk',
  min: 1,
  max: 1,
  options: [
    { id: 'whole', name: 'whole', default: true },
    { id: 'oat', name: 'oat', price: 50 },
    { id: 'soy', name: 'soy', price: 40 },
  ],
};
const size: ModifierGroup = {
  id: 'size',
  name: 'Size',
  min: 1,
  max: 1,
  options: [
    { id: 'regular', name: 'regular', default: true },
    { id: 'large', name: 'large', price: 70 },
  ],
};
const coffee: ModifierGroup = {
  id: 'extras',
  name: 'Extras',
  min: 0,
  max: 3,
  options: [
    { id: 'hot', name: 'extra hot' },
    { id: 'shot', name: 'extra shot', price: 80 },
    { id: 'decaf', name: 'decaf' },
  ],
};
const bread: ModifierGroup = {
  id: 'bread',
  name: 'Bread',
  min: 1,
  max: 1,
  options: [
    { id: 'rye', name: 'rye', default: true },
    { id: 'wheat', name: 'white sourdough' },
    { id: 'free', name: 'gluten-free', price: 90 },
  ],
};
const plate: ModifierGroup = {
  id: 'plate',
  name: 'As you like it',
  min: 0,
  max: 3,
  options: [
    { id: 'egg', name: 'with an egg', price: 180 },
    { id: 'no-onion', name: 'no onions' },
    { id: 'chilli', name: 'with chilli oil', price: 50 },
  ],
};

const dish = (
  category: string,
  sku: string,
  name: string,
  price: number,
  about: string,
  ...modifierGroups: readonly ModifierGroup[]
): Item<Dish> => ({ sku, name, category, price, ref: { about }, modifierGroups });

const all: readonly Item<Dish>[] = [
  dish(
    'Coffee & tea',
    'latte',
    'Latte',
    390,
    'A double shot under silky milk.',
    milk,
    size,
    coffee,
  ),
  dish('Coffee & tea', 'flat-white', 'Flat white', 380, 'Short, strong and smooth.', milk, coffee),
  dish(
    'Coffee & tea',
    'filter',
    'Filter coffee',
    320,
    'Today from Huila, Colombia. Refills are on us.',
    size,
  ),
  dish(
    'Coffee & tea',
    'chai',
    'Rye-malt chai',
    420,
    'Slow-brewed with roasted rye and cardamom.',
    milk,
    size,
  ),
  dish('Coffee & tea', 'mint-tea', 'Fresh mint tea', 340, 'A whole sprig, honey on the side.'),
  dish('Morning', 'croissant', 'Almond croissant', 360, 'Twice baked, a little burnt at the tips.'),
  dish('Morning', 'porridge', 'Rye porridge', 650, 'Brown butter, pear and toasted seeds.', milk),
  dish(
    'Morning',
    'eggs',
    'Eggs on toast',
    890,
    'Two soft eggs, chives and cultured butter.',
    bread,
    plate,
  ),
  dish('Morning', 'granola', 'Fennel granola', 690, 'Our own, with yoghurt and orange.'),
  dish('Midday', 'soup', 'Soup of the day', 780, 'White bean and fennel, bread to dip.', bread),
  dish(
    'Midday',
    'sandwich',
    'Smoked trout sandwich',
    1150,
    'Dill, horseradish, pickled cucumber.',
    bread,
    plate,
  ),
  dish(
    'Midday',
    'salad',
    'Fennel and orange salad',
    980,
    'Shaved thin; olives, almonds, mint.',
    plate,
  ),
  dish('Midday', 'tart', 'Leek tart', 920, 'Gruyère and a green salad.'),
  dish('Sweet', 'cake', 'Lemon and rye cake', 450, 'Moist, sharp, dusted with sugar.'),
  dish('Sweet', 'bun', 'Cardamom bun', 390, 'Knotted this morning at five.'),
];

/** Today's menu. `out` names choices and dishes that the kitchen has not got today. */
export function menuOf(out: ReadonlySet<string>): readonly Item<Dish>[] {
  return all.map((item) => ({
    ...item,
    available: !out.has(item.sku),
    ...(item.modifierGroups === undefined
      ? {}
      : {
          modifierGroups: item.modifierGroups.map((group) => ({
            ...group,
            options: group.options.map((option) => ({ ...option, available: !out.has(option.id) })),
          })),
        }),
  }));
}
