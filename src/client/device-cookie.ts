import { RegularsError } from '../kernel/errors.js';
import type { Core, DeviceRow } from './core.js';
import { isDevice } from './device-row.js';
import type { MarkerStore } from './marker.js';

const DAY_MS = 86_400_000;

/** What was asked of a server, one after the other: a cookie set before a no must not arrive after it. */
interface Asked {
  last: Promise<void>;
  /** The cookie may be there still, though somebody has said no. */
  owes: boolean;
}
const asked = new WeakMap<Core, Asked>();

function askedBy(core: Core): Asked {
  const mine = asked.get(core) ?? { last: Promise.resolve(), owes: false };
  asked.set(core, mine);
  return mine;
}

function inOrder(core: Core, act: (asked: Asked) => Promise<void>): Promise<void> {
  const mine = askedBy(core);
  mine.last = mine.last.then(() => act(mine)).catch(core.report);
  return mine.last;
}

/** The marker of a device with a cookie: what erases the one erases the other. */
export function withCookie(core: Core, markers: MarkerStore): MarkerStore {
  const { deviceCookie } = core.options;
  if (!deviceCookie || core.mode === 'kiosk') return markers;
  const erase = async (mine: Asked): Promise<void> => {
    if (!mine.owes) return;
    await deviceCookie.erase();
    mine.owes = false;
  };
  return {
    ...markers,
    erase: () => {
      markers.erase();
      // one act may erase more than once: what is done is not asked again
      askedBy(core).owes = true;
      void inOrder(core, erase);
    },
  };
}

/**
 * Hands this device's id to the server, once a day, and takes up the one that the server's cookie holds. Nobody waits for it. Only
 * where the storage is open: then somebody has said yes.
 */
export async function keepDevice(core: Core): Promise<void> {
  const { deviceCookie } = core.options;
  if (!deviceCookie || core.mode === 'staff') return;
  await inOrder(core, async (mine) => {
    const { vault, clock } = core;
    if (!vault.keeps()) return;
    const { id, cookieAt } = vault.device();
    if (cookieAt !== undefined && Math.abs(clock.now() - cookieAt) < DAY_MS) return;
    if (mine.owes) {
      await deviceCookie.erase();
      mine.owes = false;
    }
    const found = await deviceCookie.keep(id);
    if (typeof found !== 'string' || !/^[0-9a-f]{32}$/.test(found))
      throw new RegularsError(
        'ERR_OPTIONS_INVALID',
        'deviceCookie.keep is to give an id of 32 hexadecimal digits.',
      );
    await core.inTurn(() => takeId(core, found));
  });
}

async function takeId(core: Core, id: string): Promise<void> {
  const { vault, clock } = core;
  // a no came meanwhile
  if (!vault.keeps()) return;
  const at = clock.now();
  const before = await vault.run('readwrite', async (transaction) => {
    const row = (await transaction.get('meta', 'device')) as DeviceRow | undefined;
    if (!isDevice(row)) return undefined;
    transaction.put('meta', 'device', { ...row, id, cookieAt: at, ...(row.id !== id && { at }) });
    return row;
  });
  if (!before) return;
  await vault.reread();
  if (before.id === id) return;
  if (before.cookieAt !== undefined) return core.notice('storage-disagreed');
  // a device that had never asked is not new: all it had was lost
  vault.note({ reason: 'evicted' });
  core.notice('storage-evicted');
}
