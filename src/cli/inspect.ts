import { statSync } from 'node:fs';
import { inspectCustomer, inspectStorage } from '../profile/inspect-log.js';
import { inspectExport } from '../profile/inspect-export.js';
import type { AnyRecord } from '../profile/log-rows.js';
import type { Command } from './arguments.js';
import { Exit } from './exit.js';
import type { Io } from './io.js';
import { openFolder, shopOf } from './open-folder.js';
import { customerText, exportText, inspectionText } from './print.js';
import { openSource, unpacked } from './source.js';

type Asked = Extract<Command, { readonly kind: 'inspect' }>;

/** Shows what lies in a storage or in an export. */
export async function runInspect(asked: Asked, io: Io): Promise<void> {
  const isFolder =
    asked.path !== '-' && statSync(asked.path, { throwIfNoEntry: false })?.isDirectory() === true;
  const text = await (isFolder ? inspectFolder(asked, io) : inspectFile(asked, io));
  await new Promise<void>((resolve, reject) =>
    io.stdout.write(text, (error) => (error ? reject(error) : resolve())),
  );
}

const asJson = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

async function inspectFolder({ path, shop, customer, json }: Asked, io: Io): Promise<string> {
  const name = shopOf(path, shop);
  const storage = await openFolder(path, name);
  try {
    if (customer === undefined) {
      const seen = await inspectStorage(storage, { signal: io.signal });
      return json ? asJson({ shop: name, ...seen }) : inspectionText(seen);
    }
    const seen = await inspectCustomer(storage, customer);
    if (seen.state === 'none' && seen.rows.length === 0)
      throw new Exit(1, `There is no customer ${customer}.`);
    return json ? asJson(seen) : customerText(seen);
  } finally {
    await storage.close();
  }
}

async function inspectFile({ path, customer, json }: Asked, io: Io): Promise<string> {
  const records: AnyRecord[] = [];
  const seen = await inspectExport(
    await unpacked(openSource(path, io).bytes),
    Date.now(),
    (record) => {
      if (record.subject === customer) records.push(record);
    },
  );
  if (customer === undefined) return json ? asJson(seen) : exportText(seen);
  if (records.length === 0) throw new Exit(1, `There is no customer ${customer}.`);
  const rows = records.map((record) => ({ key: record.id, state: 'ok' as const, record }));
  const one = { id: customer, state: 'ok' as const, rows };
  return json ? asJson(one) : customerText(one);
}
