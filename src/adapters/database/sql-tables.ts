import type { DeviceTable, NoteTable, ShopDevice } from '../../server/port.js';
import type { SqlQuery, SqlRow } from './sql-client.js';

const DEVICE =
  'id, place, key_hash, code_hash, code_until, version, seen_at, oldest_unsent, revoked';

function deviceOf(row: SqlRow): ShopDevice {
  const text = (name: keyof ShopDevice, value: unknown) =>
    typeof value === 'string' && { [name]: value };
  const number = (name: keyof ShopDevice, value: unknown) =>
    value !== null && value !== undefined && { [name]: Number(value) };
  return {
    id: String(row['id']),
    ...text('place', row['place']),
    ...text('keyHash', row['key_hash']),
    ...text('codeHash', row['code_hash']),
    ...number('codeUntil', row['code_until']),
    ...text('version', row['version']),
    ...number('seenAt', row['seen_at']),
    ...number('oldestUnsent', row['oldest_unsent']),
    ...(row['revoked'] === true && { revoked: true }),
  };
}

const first = (rows: readonly SqlRow[]): ShopDevice | undefined =>
  rows[0] === undefined ? undefined : deviceOf(rows[0]);

/** Devices in SQL: each call is one statement, so that each is whole or not at all. */
export const sqlDevices = (query: SqlQuery): DeviceTable => ({
  put: async (shop, device) => {
    await query(
      `insert into regulars_device (shop, ${DEVICE}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (shop, id) do update set place = excluded.place, key_hash = excluded.key_hash,
         code_hash = excluded.code_hash, code_until = excluded.code_until, version = excluded.version,
         seen_at = excluded.seen_at, oldest_unsent = excluded.oldest_unsent, revoked = excluded.revoked`,
      [
        ...[shop, device.id, device.place ?? null, device.keyHash ?? null, device.codeHash ?? null],
        ...[device.codeUntil ?? null, device.version ?? null, device.seenAt ?? null],
        ...[device.oldestUnsent ?? null, device.revoked ?? false],
      ],
    );
  },
  list: async (shop) => {
    const rows = await query(`select ${DEVICE} from regulars_device where shop = $1`, [shop]);
    return rows.map(deviceOf).sort((a, b) => (a.id < b.id ? -1 : 1)); // engines differ in how they sort texts
  },
  byKey: async (shop, keyHash) =>
    first(
      await query(`select ${DEVICE} from regulars_device where shop = $1 and key_hash = $2`, [
        ...[shop, keyHash],
      ]),
    ),
  enroll: async (shop, codeHash, keyHash, now) =>
    first(
      await query(
        `update regulars_device set key_hash = $3, code_hash = null, code_until = null
         where shop = $1 and code_hash = $2 and code_until > $4 and not revoked returning ${DEVICE}`,
        [shop, codeHash, keyHash, now],
      ),
    ),
  seen: async (shop, id, { version, seenAt, oldestUnsent }) => {
    await query(
      `update regulars_device set version = $3, seen_at = $4, oldest_unsent = $5
       where shop = $1 and id = $2`,
      [shop, id, version ?? null, seenAt ?? null, oldestUnsent ?? null],
    );
  },
  revoke: async (shop, id) => {
    const text =
      'update regulars_device set revoked = true where shop = $1 and id = $2 returning id';
    return (await query(text, [shop, id])).length > 0;
  },
});

/** Notes in SQL: each call is one statement. */
export const sqlNotes = (query: SqlQuery): NoteTable => ({
  put: async (shop, key, value, untilMs) => {
    await query(
      `insert into regulars_note (shop, name, value, until_ms) values ($1, $2, $3, $4)
       on conflict (shop, name) do update set value = excluded.value, until_ms = excluded.until_ms`,
      [shop, key, value, untilMs],
    );
  },
  get: async (shop, key, now) => {
    const text = 'select value from regulars_note where shop = $1 and name = $2 and until_ms > $3';
    const [row] = await query(text, [shop, key, now]);
    return row === undefined ? undefined : String(row['value']);
  },
  swap: async (shop, key, before, after) => {
    const which = 'where shop = $1 and name = $2 and value = $3 returning name';
    const rows = await (after === undefined
      ? query(`delete from regulars_note ${which}`, [shop, key, before])
      : query(`update regulars_note set value = $4 ${which}`, [shop, key, before, after]));
    return rows.length > 0;
  },
  count: async (shop, key, now, untilMs) => {
    const [row] = await query(
      `insert into regulars_note as note (shop, name, value, until_ms) values ($1, $2, '1', $4)
       on conflict (shop, name) do update set
         value = case when note.until_ms > $3 then (note.value::bigint + 1)::text else '1' end,
         until_ms = case when note.until_ms > $3 then note.until_ms else excluded.until_ms end
       returning value`,
      [shop, key, now, untilMs],
    );
    return Number(row?.['value']);
  },
  sweep: async (now) => {
    await query('delete from regulars_note where until_ms <= $1', [now]);
  },
});
