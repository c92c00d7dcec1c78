import { hostWords, type HostWords } from '../greeting/host-words.js';
import type { Core } from './core.js';

const made = new WeakMap<Core, { readonly tag: string; readonly words: HostWords }>();

/** What a greeting is said with, in the language of the moment. */
export function wordsHere(core: Core): HostWords {
  const { locale: tag } = core.state;
  const known = made.get(core);
  if (known?.tag === tag) return known.words;
  const words = hostWords(tag, core.options, core.report);
  made.set(core, { tag, words });
  return words;
}
