import { svg } from '../shared/dom.js';

/** What a picture shows; also the shelves of the shop. */
export interface Kind {
  readonly id: string;
  readonly label: string;
  readonly test: RegExp;
  /** Shapes on a 96 × 96 field: tag, attributes; `a` is the main color, `b` the second, `w` the light one. */
  readonly shapes: readonly (readonly [string, string, 'a' | 'b' | 'w'])[];
}

const p = (d: string, fill: 'a' | 'b' | 'w' = 'a') => ['path', d, fill] as const;
const c = (x: number, y: number, r: number, fill: 'a' | 'b' | 'w' = 'a') =>
  ['circle', `${x} ${y} ${r}`, fill] as const;

// The first that matches; drawn by us, since the sample has names and no pictures.
export const kinds: readonly Kind[] = [
  {
    id: 'christmas',
    label: 'Christmas',
    test: /christmas|xmas|reindeer|snow|advent|santa|bauble/i,
    shapes: [
      p('M48 10 68 40H60L74 62H22L36 40H28z'),
      p('M43 62h10v18H43z', 'b'),
      c(42, 48, 3.5, 'w'),
      c(56, 54, 3.5, 'w'),
      c(49, 32, 3, 'w'),
    ],
  },
  {
    id: 'light',
    label: 'Candles & lights',
    test: /t-?light|candle|lantern|lights?\b|lamp/i,
    shapes: [
      p('M30 46h36v36H30z'),
      p('M30 46h36v7H30z', 'b'),
      p('M48 14c9 10 9 16 6 21a8 8 0 0 1-12 0c-3-5-3-11 6-21z', 'b'),
      p('M48 24c4 5 4 8 2.5 10.5a3.4 3.4 0 0 1-5 0C44 32 44 29 48 24z', 'w'),
    ],
  },
  {
    id: 'bag',
    label: 'Bags',
    test: /\bbags?\b|tote|shopper|purse|charlotte|jumbo/i,
    shapes: [
      p('M22 36h52l5 46H17z'),
      p('M34 44V30a14 14 0 0 1 28 0v14h-5V30a9 9 0 0 0-18 0v14z', 'b'),
      c(34, 60, 5, 'w'),
      c(52, 56, 5, 'w'),
      c(62, 70, 5, 'w'),
      c(42, 73, 5, 'w'),
    ],
  },
  {
    id: 'tea',
    label: 'Tea & coffee',
    test: /\bmugs?\b|\bcups?\b|tea\b|teapot|coffee|saucer|beaker/i,
    shapes: [
      p('M20 34h46v24a18 18 0 0 1-18 18H38a18 18 0 0 1-18-18z'),
      p('M66 40h5a11 11 0 0 1 0 22h-6v-6h6a5 5 0 0 0 0-10h-5z', 'b'),
      p('M16 80h54v5H16z', 'b'),
      p('M20 44h46v6H20z', 'w'),
    ],
  },
  {
    id: 'heart',
    label: 'Hearts',
    test: /heart/i,
    shapes: [
      p('M48 82C18 60 12 46 16 33c5-14 24-15 32 0 8-15 27-14 32 0 4 13-2 27-32 49z'),
      p('M30 34c3-5 8-6 12-3l-3 5c-3-2-5-1-6 1z', 'w'),
    ],
  },
  {
    id: 'time',
    label: 'Clocks',
    test: /clock|watch/i,
    shapes: [
      c(48, 50, 32),
      c(48, 50, 25, 'w'),
      p('M46 34h4v15l10 7-2.4 3.4L46 51z', 'b'),
      p('M22 20l9-6 3 5-9 6zM74 20l-9-6-3 5 9 6z', 'b'),
    ],
  },
  {
    id: 'party',
    label: 'Party',
    test: /bunting|garland|party|balloon|streamer/i,
    shapes: [
      p('M10 22h76v4H10z', 'b'),
      p('M14 26h20L24 54z'),
      p('M38 26h20L48 54z', 'b'),
      p('M62 26h20L72 54z'),
      p('M26 64h18l-9 20zM52 64h18l-9 20z', 'w'),
    ],
  },
  {
    id: 'table',
    label: 'Plates & bowls',
    test: /plate|bowl|dish|tray|placemat|coaster|napkin|doil/i,
    shapes: [c(48, 48, 34), c(48, 48, 28, 'w'), c(48, 48, 20, 'b'), c(48, 48, 15, 'w')],
  },
  {
    id: 'kitchen',
    label: 'Baking & kitchen',
    test: /cake|bak|muffin|jelly|cookie|spoon|fork|kitchen|apron|lunch|snack|jam|egg|recipe|oven|pantry/i,
    shapes: [
      p('M26 50h44l-6 32H32z', 'b'),
      p('M22 50c0-10 8-13 12-13 1-11 10-15 16-14 7-1 13 5 13 13 6 0 11 5 11 14z'),
      c(48, 20, 5, 'w'),
      p('M37 55h4l2 24h-4zM55 55h4l-2 24h-4z', 'w'),
    ],
  },
  {
    id: 'paper',
    label: 'Paper & cards',
    test: /card|paper|wrap|note|book|sticker|postage|pen|pencil|envelope|tissue|ribbon|tape|stamp|crayon|chalk/i,
    shapes: [p('M18 28h60v44H18z'), p('M18 28l30 25 30-25v6L48 60 18 34z', 'w'), c(48, 58, 8, 'b')],
  },
  {
    id: 'frame',
    label: 'Pictures & signs',
    test: /frame|sign\b|signs|mirror|picture|photo|blackboard/i,
    shapes: [
      p('M20 16h56v64H20z'),
      p('M27 23h42v50H27z', 'w'),
      p('M27 73l14-22 10 13 7-8 11 17z', 'b'),
      c(58, 36, 6, 'b'),
    ],
  },
  {
    id: 'home',
    label: 'Around the house',
    test: /hook|hanger|hanging|doormat|cushion|drawer|cabinet|door|knob|wicker|towel|shelf|quilt|rug|stool|umbrella|hot water|rack|soap|clothes|pegs|curtain/i,
    shapes: [
      p('M48 14 84 46H74v36H22V46H12z'),
      p('M40 56h16v26H40z', 'b'),
      p('M30 50h10v10H30zM56 50h10v10H56z', 'w'),
      p('M66 18h8v16l-8-7z', 'b'),
    ],
  },
  {
    id: 'glass',
    label: 'Bottles & jars',
    test: /bottle|\bjars?\b|vase|\bjug|glass|pot\b|flask/i,
    shapes: [
      p('M40 12h16v20c10 5 14 12 14 22v22a8 8 0 0 1-8 8H34a8 8 0 0 1-8-8V54c0-10 4-17 14-22z'),
      p('M26 56h44v16H26z', 'b'),
      p('M38 8h20v7H38z', 'b'),
      p('M34 52c1-7 4-11 9-14l2 4c-4 2-6 5-6 10z', 'w'),
    ],
  },
  {
    id: 'tin',
    label: 'Tins & boxes',
    test: /\btins?\b|\bbox|case|storage|basket|trinket/i,
    shapes: [p('M18 40h60v42H18z'), p('M14 26h68v16H14z', 'b'), p('M42 26h12v56H42z', 'w')],
  },
  {
    id: 'play',
    label: 'Toys',
    test: /toy|game|doll|puppet|child|domino|ball|spaceboy|circus|soldier|skipping|puzzle|magic|jigsaw|kids|bunn|animal|dinosaur/i,
    shapes: [
      c(48, 56, 26),
      c(28, 28, 11),
      c(68, 28, 11),
      c(28, 28, 5, 'b'),
      c(68, 28, 5, 'b'),
      c(38, 50, 3.5, 'w'),
      c(58, 50, 3.5, 'w'),
      c(48, 64, 10, 'w'),
      c(48, 60, 4, 'b'),
    ],
  },
  {
    id: 'garden',
    label: 'Garden',
    test: /flower|garden|plant|rose|daisy|herb|bird|butterfl|watering|parasol|picnic|bee/i,
    shapes: [
      p('M45 52h6v32h-6z', 'b'),
      p('M48 76c-12 0-16-7-16-13 10 0 16 4 16 13zM48 70c10 0 14-6 14-11-8 0-14 3-14 11z', 'b'),
      c(48, 20, 10),
      c(33, 32, 10),
      c(63, 32, 10),
      c(39, 47, 10),
      c(57, 47, 10),
      c(48, 35, 8, 'w'),
    ],
  },
  {
    id: 'other',
    label: 'All sorts',
    test: /./,
    shapes: [
      p('M18 44h60v38H18z'),
      p('M14 32h68v14H14z', 'b'),
      p('M43 32h10v50H43z', 'w'),
      p('M48 32c-16 0-22-6-18-13 5-7 15 0 18 13 3-13 13-20 18-13 4 7-2 13-18 13z'),
    ],
  },
];

const colors: readonly (readonly [RegExp, string, string])[] = [
  [/red|retrospot|strawberr|cherry|union jack|poppy/i, '#c8382f', '#7d1f1c'],
  [/pink|rose|fairy|doll/i, '#e58aa0', '#a8405e'],
  [/blue|spaceboy|delft|sky/i, '#4f7fc9', '#26457f'],
  [/green|regency|leaf|herb|garden|apple/i, '#6fa071', '#33603f'],
  [/ivory|cream|vintage|antique|lace/i, '#cdb48a', '#85683a'],
  [/white|silver|zinc|metal|glass|snow/i, '#9fb0c3', '#56677d'],
  [/black|slate|chalk/i, '#4a4f5e', '#22252f'],
  [/yellow|gold|lemon|sun|bee/i, '#e2ac3c', '#96680f'],
  [/purple|lavender|plum|paisley|baroque/i, '#8d6bb3', '#523576'],
  [/orange|tangerine|wood/i, '#d9803f', '#8c4716'],
];

/** The kind of a thing, by its name. */
export function kindOf(name: string): Kind {
  const found = kinds.find((kind) => kind.test.test(name)) ?? kinds.at(-1);
  if (found === undefined) throw new Error('There is a kind for everything.');
  return found;
}

function colorsOf(sku: string, name: string): readonly [string, string] {
  const [, main, second] =
    colors.find(([word]) => word.test(name)) ??
    colors[
      Array.from(sku).reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % colors.length
    ] ??
    ([/./, '#4f7fc9', '#26457f'] as const);
  return [main, second];
}

/** A picture of a thing: decoration, so nothing is read out. */
export function drawing(sku: string, name: string): SVGElement {
  const [a, b] = colorsOf(sku, name);
  const paint = { a, b, w: '#fff8ee' };
  return svg(
    'svg',
    { viewBox: '0 0 96 96', 'aria-hidden': 'true', class: 'drawing' },
    ...kindOf(name).shapes.map(([tag, value, fill]) => {
      const [cx = '', cy = '', r = ''] = value.split(' ');
      return tag === 'circle'
        ? svg('circle', { cx, cy, r, fill: paint[fill] })
        : svg('path', { d: value, fill: paint[fill] });
    }),
  );
}
