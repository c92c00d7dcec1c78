import { handlers } from '../../src/adapters/transport/handlers.js';
import type { TransportSetup } from '../../src/testing/transport-contract.js';
import { describeTransport } from '../support/transports.js';

/** Documents are typed by whoever wrote the handlers. */
interface Doc {
  readonly id: string;
  readonly _deleted: boolean;
  readonly updatedAt: number;
}
interface Row {
  readonly newDocumentState: Doc;
  readonly assumedMasterState?: Doc;
}
/** A backend as RxDB's own guides build it: documents with the place they were written at, a checkpoint, a stream. */
function rxBackend(): { readonly of: (account: string) => Parameters<typeof handlers>[0] } {
  const accounts = new Map<string, { doc: Doc; place: number; written: number }[]>();
  const listeners = new Set<() => void>();
  return {
    of: (account) => {
      const rows = accounts.get(account) ?? [];
      accounts.set(account, rows);
      return {
        push: {
          handler: async (changes: readonly Row[]) => {
            const conflicts: Doc[] = [];
            for (const { newDocumentState } of changes) {
              const there = rows.find(({ doc }) => doc.id === newDocumentState.id);
              if (there) conflicts.push(there.doc);
              else
                rows.push({
                  doc: JSON.parse(JSON.stringify(newDocumentState)) as Doc,
                  place: rows.length + 1,
                  written: Date.now(),
                });
            }
            for (const hear of listeners) hear();
            return conflicts;
          },
          batchSize: 100,
        },
        pull: {
          handler: async (checkpoint: { readonly place: number } | undefined, batchSize) => {
            const after = checkpoint?.place ?? 0;
            const page = rows.slice(after, after + batchSize);
            return {
              // its own fields stay behind
              documents: page.map(({ doc, written }) => ({ ...doc, updatedAt: written })),
              checkpoint: page.length > 0 ? { place: page.at(-1)?.place } : checkpoint,
            };
          },
          stream$: {
            subscribe: (next) => {
              listeners.add(next);
              return { unsubscribe: () => void listeners.delete(next) };
            },
          },
        },
      };
    },
  };
}

const setup = (): TransportSetup => {
  const shops = new Map(['blue-door', 'red-door'].map((name) => [name, rxBackend()]));
  return {
    shops: ['blue-door', 'red-door'],
    connect: ({ shop, account }) => {
      const backend = shops.get(shop);
      if (!backend) throw new Error('no such shop');
      return handlers(backend.of(account));
    },
  };
};

describeTransport('handlers that were written for RxDB', setup, {
  entries: 'such a backend knows accounts, and no entries',
  wire: 'they fetch by themselves, and say only that it failed',
  'retry-after': 'they fetch by themselves',
  keepalive: 'they fetch by themselves',
  'late-commit':
    'in the hands of the backend: a checkpoint of times or a serial loses what commits late',
  resync: 'a checkpoint is the backend’s own',
  snapshot: 'a resync pulls from the beginning',
  erasure: 'a document of kind erasure comes through; to forget is for the backend to add',
  'erasure-for-all': 'as before',
});
