import { viewOfCard } from '../greeting/view-of-card.js';
import type { LookedUp, RawIdentifier } from '../identity/port.js';
import type { CustomerView } from '../identity/types.js';
import type { Card } from '../profile/types.js';
import { tokensIn, type Asked } from './context.js';
import { limitedFor } from './limits.js';
import { cardOfGroup, findOne } from './read-people.js';
import { speakingOf } from './speaking.js';
import { no, readJson, yes, type Answer } from './wire.js';

const BODY_BYTES = 16_384;
const WHO_MAX = 5;

/** Reads a small body and whom it names; a problem where it names nobody that could be. */
export async function readWho({ request, shop }: Asked): Promise<
  | {
      readonly value: { readonly [member: string]: unknown };
      readonly who: readonly RawIdentifier[];
    }
  | Extract<Answer, { readonly problem: unknown }>
> {
  const read = await readJson(request, BODY_BYTES);
  if ('problem' in read) return read;
  const { who } = read.value;
  if (!Array.isArray(who) || who.length > WHO_MAX)
    return { problem: { code: 'invalid', title: `who is a list of at most ${WHO_MAX}.` } };
  const normal = (who as readonly unknown[]).flatMap((one) => {
    const { type, value } = Object(one) as { readonly [member: string]: unknown };
    const found = typeof type === 'string' ? shop.normal(type, value) : undefined;
    return found ? [{ type: found.type, value: found.value }] : [];
  });
  return { value: read.value, who: normal };
}

/** `POST look-up`: a view of the one customer who allowed it; the same to everybody else, after the same time. */
export async function lookUp(asked: Asked): Promise<Answer> {
  const { context } = asked;
  const { clock, limits } = context;
  const startedAt = clock.elapsed();
  const read = await readWho(asked);
  if ('problem' in read) return read;
  let view: CustomerView | undefined;
  let failed = false;
  try {
    view = await viewOf(asked, read.who);
  } catch (error) {
    context.report(error);
    failed = true;
  }
  // all answers come at one time or the next: one that took longer does not tell by how much
  const spent = clock.elapsed() - startedAt;
  const turns = Math.max(1, Math.ceil(spent / limits.lookUpMs));
  const rest = turns * limits.lookUpMs - spent;
  if (rest > 0) await new Promise<void>((resolve) => void clock.after(rest, resolve));
  if (failed) return no('unavailable');
  const answer: LookedUp = view ? { kind: 'view', view } : { kind: 'unproven' };
  return yes(answer);
}

async function viewOf(
  asked: Asked,
  who: readonly RawIdentifier[],
): Promise<CustomerView | undefined> {
  const { context, shop } = asked;
  const { database } = context;
  const wait = await limitedFor(asked, 'look-up', who);
  const tokens = await tokensIn(shop, who);
  const found = await findOne(database, shop, tokens);
  // one who did not allow it, several people, nobody, too often: all the same
  if (!found || wait > 0) return undefined;
  return viewFor(asked, await cardOfGroup(database, shop.id, found.people, found.group));
}

/** What a claim may be told of one customer; undefined where they did not allow it. */
export function viewFor(
  { context, shop }: Pick<Asked, 'context' | 'shop'>,
  card: Card,
): CustomerView | undefined {
  const { timeZone, reveal } = shop.settings;
  const view = {
    ...({ shop: shop.id, now: context.clock.now() } as const),
    ...({ locale: 'en', channel: 'kiosk', seed: 0 } as const),
    ...(timeZone !== undefined && { timeZone }),
  };
  return viewOfCard(card, view, speakingOf(shop, context).goods.item, reveal);
}
