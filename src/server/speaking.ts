import { allWords } from '../greeting/all-words.js';
import { hostRules } from '../greeting/host-rules.js';
import { hostWords, type HostWords } from '../greeting/host-words.js';
import type { Messages } from '../greeting/messages.js';
import type { TodayGoods } from '../greeting/today.js';
import type { GreetingRule } from '../greeting/types.js';
import { readItem } from '../recommend/read-item.js';
import type { Item, Recommender } from '../recommend/types.js';
import type { Context } from './context.js';
import type { ShopHere } from './shop-keys.js';

/** How a shop speaks, and of what: made once of its settings. */
export interface Speaking {
  readonly rules: readonly GreetingRule[];
  readonly goods: TodayGoods;
  readonly words: (tag: string) => HostWords;
  readonly allWords: (tag: string) => Messages;
  /** The engine on its model; undefined where there is none. */
  readonly engine: () => Promise<Recommender> | undefined;
}

/** Languages that were asked for and are held, as made. */
const TAGS = 100;

const made = new WeakMap<ShopHere, Speaking>();

/** How this shop speaks. */
export function speakingOf(shop: ShopHere, { report }: Context): Speaking {
  const known = made.get(shop) ?? createSpeaking(shop, report);
  made.set(shop, known);
  return known;
}

function createSpeaking({ settings }: ShopHere, report: Context['report']): Speaking {
  const goods = goodsOf(settings.catalog);
  const words = perTag((tag) => hostWords(tag, settings, report));
  let engine: Promise<Recommender> | undefined;
  return {
    rules: hostRules(settings, report),
    goods,
    words,
    allWords: perTag((tag) => allWords(words(tag), settings.messageFormatter, report)),
    engine: () => {
      const { recommend } = settings;
      if (!recommend) return undefined;
      engine ??= recommend.load(settings.catalog && goods.items()).then(
        (loaded) => {
          if (loaded.error !== undefined) report(loaded.error);
          // what has failed may be there the next time
          if (loaded.model === 'failed' || loaded.ranker === 'failed') engine = undefined;
          return loaded.engine;
        },
        (error: unknown) => {
          engine = undefined;
          throw error;
        },
      );
      return engine;
    },
  };
}

/** What a shop sells, each by its sku and its aliases; what is no item is left out. */
function goodsOf(catalog: readonly Item[] | undefined): TodayGoods {
  const bySku = new Map<string, Item>();
  for (const given of catalog ?? []) {
    const item = readItem(given);
    if (item) for (const key of [...(item.aliases ?? []), item.sku]) bySku.set(key, item);
  }
  const items = [...new Set(bySku.values())];
  return {
    item: (sku) => bySku.get(sku),
    items: () => items,
    complete: () => catalog !== undefined,
  };
}

/** Makes something once for each language, and forgets them all where somebody asks for ever new ones. */
function perTag<T>(make: (tag: string) => T): (tag: string) => T {
  const all = new Map<string, T>();
  return (tag) => {
    const known = all.get(tag) ?? make(tag);
    if (all.size >= TAGS) all.clear();
    all.set(tag, known);
    return known;
  };
}
