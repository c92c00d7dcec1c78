import { normalizeIdentifier, type NormalizeOptions } from '../identity/normalize-identifier.js';
import type { IdentifierRules, PhonePlug } from '../identity/port.js';
import type { IdentifierType, NormalizeResult, ReadPhone } from '../identity/types.js';
import type { Core } from './core.js';
import { within } from './within.js';

/** How long somebody who typed a number waits for the plans of the world. */
const LOADING_MS = 2_000;

/** What normalizing may know of the shop. */
export function normalizeOptions(rules: IdentifierRules, phone?: ReadPhone): NormalizeOptions {
  const { region, ownIdentifiers, loyalty } = rules;
  return {
    ...(region !== undefined && { region }),
    ...(ownIdentifiers && { own: ownIdentifiers }),
    ...(loyalty && { loyalty }),
    ...(phone && { phone }),
  };
}

type Told = 'converted' | 'phone';
/** What was told already: a page that gives a number each time is told once, and so is one whose plug cannot be loaded. */
const told = new WeakMap<object, Set<Told>>();

function once(core: Core, what: Told): boolean {
  const before = told.get(core.options) ?? new Set();
  told.set(core.options, before);
  return !before.has(what) && Boolean(before.add(what));
}

/** An identifier in its normal form, with the plans of the world where the host has given them and they can be loaded. */
export async function readIdentifier(
  core: Core,
  type: IdentifierType,
  value: unknown,
): Promise<NormalizeResult> {
  const { options } = core;
  let phone: ReadPhone | undefined;
  const load = async (plug: PhonePlug): Promise<void> => {
    try {
      phone = await plug.load();
    } catch (error) {
      if (once(core, 'phone')) core.report(error);
    }
  };
  if (type === 'phone' && options.phone) await within(core, load(options.phone), LOADING_MS);
  const result = normalizeIdentifier(type, value, normalizeOptions(options, phone));
  if (result.ok && result.identifier.converted && once(core, 'converted'))
    core.notice('identifier-converted');
  return result;
}
