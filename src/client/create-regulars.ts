import { createClient } from './create-client.js';
import type { Regulars, RegularsOptions } from './types.js';

/**
 * Makes the client of one shop on one page. Creating does nothing: no storage is touched, no timer set, no listener added
 * before `start()`. Throws ERR_OPTIONS_INVALID, with every problem in one error.
 * @example
 * const regulars = createRegulars({ shop: 'blue-door', storage: indexedDbStorage() });
 * await regulars.start();
 * heading.textContent = regulars.greeting().text;
 */
export function createRegulars(options: RegularsOptions): Regulars {
  return createClient(
    options,
    async (core, life, markers) => {
      const { createActs } = await import('./acts.js');
      return createActs(core, life, markers);
    },
    async () => (await import('./speech.js')).createSpeech,
  );
}
