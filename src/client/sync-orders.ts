import { RegularsError } from '../kernel/errors.js';
import { uuidV7 } from '../kernel/ids.js';
import { purchaseRecordId, readPurchase } from '../profile/read-purchase.js';
import type { Purchase, PurchaseInput, RecordDraft, RecordOf } from '../profile/types.js';
import type { SyncHost } from '../sync/host.js';
import type { OrdersTransport, ReceivedRecord, Transport } from '../sync/port.js';
import type { Core } from './core.js';
import { append } from './append.js';
import { lineOf } from './sync-line.js';

/** A shop's order API as the engine sees it: what it lists is a pull, what it takes is a push, and of the rest it knows nothing. */
export function ordersHost(
  core: Core,
  host: SyncHost,
  given: OrdersTransport,
): { readonly host: SyncHost; readonly transport: Transport } {
  let subject = '';
  return {
    transport: transportOf(core, given),
    host: {
      ...host,
      prepare: async () => {
        const task = await host.prepare();
        // without a way to send, what waits goes on waiting: another transport may take it one day
        return task && { ...task, knowsTime: true, keys: given.send ? task.keys : [] };
      },
      question: () => {
        subject = core.state.person.subject;
        return host.question();
      },
      receive: async (received, cursor) => {
        if (core.state.person.subject !== subject) return false;
        const purchases = received as readonly unknown[] as readonly Purchase[];
        const drafts = await Promise.all(purchases.map((one) => draftOf(core, subject, one)));
        await append(core, drafts, true);
        return host.receive([], cursor);
      },
      meet: () => Promise.resolve(),
    },
  };
}

function transportOf(core: Core, { name, list, send }: OrdersTransport): Transport {
  const { clock } = core;
  return {
    name,
    kind: 'records',
    limits: { records: 1, bytes: 1_000_000 },
    push: async ({ records }, call) => {
      for (const record of records)
        if (record.kind === 'purchase') await send?.((record as RecordOf<'purchase'>).data, call);
      // what an order API has no place for stays here
      const results = records.map(({ id }) => ({ id, status: 'accepted' }) as const);
      return { results, serverTime: clock.now() };
    },
    pull: async ({ cursor }, call) => {
      const since = cursor === null ? undefined : Number(cursor);
      const listed = await list([...lineOf(core).identifiers.values()], since, call);
      const purchases = readListed(core, listed);
      const newest = purchases.reduce((at, one) => Math.max(at, one.at), since ?? 0);
      return {
        records: purchases as readonly unknown[] as readonly ReceivedRecord[],
        cursor: String(newest),
        more: false,
        serverTime: clock.now(),
      };
    },
  };
}

/** What an API lists, read as orders of the page's are; what is none is passed over, and told. */
function readListed(core: Core, listed: readonly PurchaseInput[]): readonly Purchase[] {
  const { state, options, clock } = core;
  if (!Array.isArray(listed)) return [];
  return (listed as readonly PurchaseInput[]).flatMap((input) => {
    try {
      const { purchase } = readPurchase(input, {
        now: clock.now(),
        channel: state.channel,
        keepNotes: options.keep?.includes('notes') ?? false,
        ...(state.currency !== undefined && { currency: state.currency }),
        known: (id) => state.card?.purchases.find((one) => one.id === id),
      });
      return [purchase];
    } catch {
      core.report(
        new RegularsError(
          'ERR_PURCHASE_INVALID',
          'The order API listed something that is no order.',
        ),
      );
      return [];
    }
  });
}

async function draftOf(core: Core, subject: string, purchase: Purchase): Promise<RecordDraft> {
  const { options, clock, random } = core;
  const id = (await purchaseRecordId(options.shop, purchase)) ?? uuidV7(clock.now(), random);
  return { id, subject, kind: 'purchase', by: 'import', data: purchase };
}
