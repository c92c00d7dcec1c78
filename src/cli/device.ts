import type { DeviceInfo } from '../server/devices.js';
import { Exit } from './exit.js';
import type { Io } from './io.js';
import { openShop } from './open-shop.js';
import { safe, table, time } from './print.js';
import type { DeviceArguments } from './serve-arguments.js';

/** Adds, lists and revokes devices of a shop. */
export async function runDevice(asked: DeviceArguments, io: Io): Promise<void> {
  const shop = await openShop(asked.at);
  try {
    switch (asked.act) {
      case 'add': {
        const { place } = asked;
        const { id, code } = await shop.devices.add(place === undefined ? {} : { place });
        io.stdout.write(`${code}\n`);
        io.stderr.write(
          `Type this at the device, within a day; it is good once. Its id is ${id}.\n`,
        );
        break;
      }
      case 'list': {
        const devices = await shop.devices.list();
        io.stdout.write(
          asked.json ? `${JSON.stringify(devices, undefined, 2)}\n` : tableOf(devices),
        );
        break;
      }
      case 'revoke': {
        if (!(await shop.devices.revoke(asked.id)))
          throw new Exit(1, `There is no device ${asked.id}; regulars device list shows them.`);
        io.stderr.write('Revoked: its key opens nothing from now on.\n');
      }
    }
  } finally {
    await shop.close();
  }
}

function stateOf({ revoked, enrolled }: Pick<DeviceInfo, 'revoked' | 'enrolled'>): string {
  return revoked === true ? 'revoked' : enrolled ? 'in use' : 'waits for its code';
}

function tableOf(devices: readonly DeviceInfo[]): string {
  if (devices.length === 0)
    return 'No devices; regulars device add --place ID makes a code for one.\n';
  return table(
    ['id', 'place', 'state', 'version', 'last seen', 'oldest unsent'],
    devices.map(({ id, place = '', version = '', seenAt, oldestUnsent, ...rest }) => [
      ...[id, safe(place), stateOf(rest), safe(version)],
      ...[seenAt, oldestUnsent].map((at) =>
        at === undefined ? '' : time(Math.floor(at / 1000) * 1000),
      ),
    ]),
  );
}
