import type { ProfileStorage, StorageOpenOptions } from '../profile/port.js';
import type { StorageSaboteur } from './storage-sabotage.js';

/** Those that break what is promised of opening, closing and destroying. */
export const lifeSaboteurs: readonly StorageSaboteur[] = [
  {
    breaks: 'opening an open storage is harmless',
    sabotage: (storage) => {
      let isOpen = false;
      const open = (options: StorageOpenOptions): ReturnType<ProfileStorage['open']> => {
        if (isOpen) throw new Error('It is open already.');
        isOpen = true;
        return storage.open(options);
      };
      const ended = (act: () => Promise<void>) => (): Promise<void> => {
        isOpen = false;
        return act();
      };
      return { ...storage, open, close: ended(storage.close), destroy: ended(storage.destroy) };
    },
  },
  {
    breaks: 'what was committed is there after closing and opening',
    sabotage: (storage) => ({ ...storage, close: storage.destroy }),
  },
  {
    breaks: 'closing waits for the transactions that run',
    sabotage: (storage) => ({
      ...storage,
      transact: async (...call) => {
        await Promise.resolve();
        return storage.transact(...call);
      },
    }),
  },
  {
    breaks: 'a closed storage rejects with ERR_STORAGE_CLOSED',
    sabotage: (storage) => {
      let isClosed = false;
      return {
        ...storage,
        open: (options) => {
          isClosed = false;
          return storage.open(options);
        },
        transact: (...call) =>
          isClosed ? Promise.reject(new Error('closed')) : storage.transact(...call),
        close: () => {
          isClosed = true;
          return storage.close();
        },
      };
    },
  },
  {
    breaks: 'destroy leaves nothing, and the storage can be opened again',
    sabotage: (storage) => ({
      ...storage,
      destroy: async () => {
        await storage.transact('readwrite', async ({ list, remove }) => {
          for (const store of ['cards', 'tokens', 'records', 'outbox'] as const)
            for (const { key } of await list(store)) remove(store, key);
        });
        await storage.close();
      },
    }),
  },
  {
    breaks: 'a destroyed storage rejects with ERR_STORAGE_CLOSED',
    sabotage: (storage) => {
      let last: StorageOpenOptions | undefined;
      return {
        ...storage,
        open: (options) => storage.open((last = options)),
        destroy: async () => {
          await storage.destroy();
          if (last) await storage.open(last);
        },
      };
    },
  },
  {
    breaks: 'stopping to listen twice is harmless',
    sabotage: (storage) => ({
      ...storage,
      listen: (listener) => {
        const stop = storage.listen(listener);
        let isStopped = false;
        return () => {
          if (isStopped) throw new Error('It is stopped already.');
          isStopped = true;
          stop();
        };
      },
    }),
  },
];
