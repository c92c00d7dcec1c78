import type { Item } from 'regulars';

/** What a tile shows beside name and price. */
export interface Bowl {
  readonly about: string;
  /** Colors of broth and topping. */
  readonly broth: string;
  readonly top: string;
}

const bowl = (
  sku: string,
  name: string,
  price: number,
  about: string,
  broth: string,
  top: string,
): Item<Bowl> => ({ sku, name, price, category: 'bowls', ref: { about, broth, top } });

/** Our own menu. */
export const menu: readonly Item<Bowl>[] = [
  bowl('shoyu', 'Shoyu ramen', 1290, 'Soy broth, pork belly, egg', '#b5793a', '#7a3b20'),
  bowl('miso', 'Miso corn', 1240, 'Miso broth, sweet corn, butter', '#cf9a45', '#f2c94c'),
  bowl('tantan', 'Tantan', 1320, 'Sesame, chilli, minced pork', '#c65a2b', '#8f1f12'),
  bowl('veg', 'Garden udon', 1150, 'Clear broth, greens, tofu', '#d7b76a', '#5f8f43'),
  bowl('curry', 'Curry udon', 1260, 'Thick curry, leek, carrot', '#b88324', '#d9743b'),
  bowl('cold', 'Cold soba', 1090, 'Buckwheat, dipping sauce', '#8c8577', '#4e6e58'),
  bowl('gyoza', 'Gyoza, six', 690, 'Pork and cabbage', '#e3c595', '#b98a4c'),
  bowl('tea', 'Barley tea', 290, 'Hot or cold, refills free', '#a8763e', '#e0c08a'),
];
