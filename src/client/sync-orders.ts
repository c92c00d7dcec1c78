import { RegularsError } from '../kernel/errors.js';
import { uuidV7 } from '../kernel/ids.js';
import { canonicalJson } from '../kernel/json.js';
import { purchaseRecordId, readPurchase } from '../profile/read-purchase.js';
import type {
  CardPurchase,
  Purchase,
  PurchaseInput,
  RecordDraft,
  RecordOf,
} from '../profile/types.js';
import type { SyncHost } from '../sync/host.js';
import type { OrdersTransport, ReceivedRecord, Transport } from '../sync/port.js';
import type { Core } from './core.js';
import { append } from './append.js';
import { lineOf } from './sync-line.js';

/** What lies so far behind the newest order is asked for once more: what came late, was cancelled or refunded meanwhile. */
const AGAIN_MS = 30 * 86_400_000;

/** A shop's order API as the engine sees it: what it lists is a pull, what it takes is a push, and of the rest it knows nothing. */
export function ordersHost(
  core: Core,
  host: SyncHost,
  given: OrdersTransport,
): { readonly host: SyncHost; readonly transport: Transport } {
  let subject = '';
  // by order what of it was taken in on this page: a list that says nothing new is no write, and wakes nobody
  const taken = new Map<string, string>();
  return {
    transport: transportOf(core, given),
    host: {
      ...host,
      prepare: async () => {
        const task = await host.prepare();
        // without a way to send, what waits goes on waiting: another transport may take it one day
        return task && { ...task, knowsTime: true, keys: given.send ? task.keys : [] };
      },
      question: async () => {
        const asked = await host.question();
        const { subject: here } = core.state.person;
        if (here !== subject || asked.cursor === null) taken.clear();
        subject = here;
        return asked;
      },
      receive: async (received, cursor) => {
        if (core.state.person.subject !== subject) return false;
        const purchases = received as readonly unknown[] as readonly Purchase[];
        // of one that is listed twice the last is how it stands
        const last = new Map(purchases.map((one) => [one.id, one]));
        const made = await Promise.all(
          [...last.values()].map((one) => draftOf(core, subject, one)),
        );
        const fresh = made.filter(({ draft, says }) => taken.get(draft.data.id) !== says);
        await append(
          core,
          fresh.map(({ draft }) => draft),
          { remote: true },
        );
        for (const { draft, says } of fresh) taken.set(draft.data.id, says);
        return host.receive([], cursor);
      },
      meet: () => Promise.resolve(),
      // what never leaves does not wait
      count: async () => ({ ...(await host.count()), ...(!given.send && { waiting: 0 }) }),
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
      const before = cursor === null ? undefined : Number(cursor);
      const since = before === undefined ? undefined : Math.max(0, before - AGAIN_MS);
      const listed = await list([...lineOf(core).identifiers.values()], since, call);
      const purchases = readListed(core, listed);
      // one of a wrong clock must not hide those to come
      const now = clock.now();
      const newest = purchases.reduce(
        (at, one) => Math.max(at, Math.min(one.at, now)),
        before ?? 0,
      );
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
  const causes: unknown[] = [];
  const purchases = listed.flatMap((input) => {
    try {
      const { purchase } = readPurchase(input, {
        now: clock.now(),
        channel: state.channel,
        keepNotes: options.keep?.includes('notes') ?? false,
        ...(state.currency !== undefined && { currency: state.currency }),
        known: (id) => knownBy(core, id),
      });
      return [purchase];
    } catch (error) {
      causes.push(error);
      return [];
    }
  });
  const [cause] = causes;
  if (causes.length > 0)
    core.report(
      new RegularsError(
        'ERR_PURCHASE_INVALID',
        `Of what the order API listed ${causes.length} of ${listed.length} are no orders.`,
        { cause },
      ),
    );
  return purchases;
}

const knownBy = ({ state }: Core, id: string): CardPurchase | undefined =>
  state.card?.purchases.find((one) => one.id === id);

/** An order as a record, and in short what it says. */
interface Made {
  readonly draft: Extract<RecordDraft, { readonly kind: 'purchase' }>;
  readonly says: string;
}

/** By its content, so that it is the same however often it is listed; one that is again what it was before is said anew. */
async function draftOf(core: Core, subject: string, purchase: Purchase): Promise<Made> {
  const { options, clock, random } = core;
  const { status, givenStatus = status, revision = -1 } = knownBy(core, purchase.id) ?? {};
  const isChanged =
    status !== undefined &&
    givenStatus !== purchase.status &&
    revision <= (purchase.revision ?? -1);
  const content = await purchaseRecordId(options.shop, purchase);
  const id = (isChanged ? undefined : content) ?? uuidV7(clock.now(), random);
  return {
    draft: { id, subject, kind: 'purchase', by: 'import', data: purchase },
    says: `${content ?? canonicalJson(purchase)} ${isChanged ? (givenStatus ?? '') : ''}`,
  };
}
