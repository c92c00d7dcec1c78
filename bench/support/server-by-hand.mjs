// What somebody would write who keeps records with `pg` alone: the statements that a push of one customer is, and nothing else.

const WHOSE =
  'select token, subject from regulars_token where shop = $1 and token = any($2::text[])';
const LINKS = `select id, subject, kind, stamp, body, lane, seq from regulars_record
  where shop = $1 and subject = any($2::text[]) and kind in ('link', 'unlink', 'base') order by lane, seq`;
const ERASED = 'select hash from regulars_erased where shop = $1 and hash = any($2::text[])';
const LOCK =
  'select lane, seq from regulars_lane where shop = $1 and lane = any($2::int[]) order by lane for update';
const KNOWN = `select 'id' as what, id as text from regulars_record where shop = $1 and id = any($2::text[])
  union all select 'hash', hash from regulars_erased where shop = $1 and hash = any($3::text[])`;
const INSERT = `insert into regulars_record (shop, lane, seq, id, subject, kind, stamp, body)
  select $1, lane, seq, id, subject, kind, stamp, body
  from unnest($2::int[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    as given (lane, seq, id, subject, kind, stamp, body)`;
const ADVANCE = 'update regulars_lane set seq = $3 where shop = $1 and lane = $2';

/** Pushes by hand. */
export const byHand = (pool) => ({
  makeShop: async (shop) => {
    await pool.query('insert into regulars_shop (shop, epoch, lanes) values ($1, $2, 1)', [
      ...[shop, 'by hand'],
    ]);
    await pool.query('insert into regulars_lane (shop, lane, seq, horizon) values ($1, 0, 0, 0)', [
      shop,
    ]);
  },
  push: async (shop, records) => {
    const subjects = [records[0].subject];
    await pool.query(WHOSE, [shop, subjects]);
    await pool.query(LINKS, [shop, subjects]);
    await pool.query(ERASED, [shop, subjects]);
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query(LOCK, [shop, [0]]);
      const seq = Number(rows[0].seq);
      const ids = records.map(({ id }) => id);
      const hashes = records.flatMap((record) => record.hashes);
      const known = await client.query(KNOWN, [shop, ids, [...new Set(hashes)]]);
      const taken = new Set(known.rows.map(({ text }) => text));
      const fresh = records.filter(({ id }) => !taken.has(id));
      const column = (name) => fresh.map((record) => record[name]);
      await client.query(INSERT, [
        ...[shop, fresh.map(() => 0), fresh.map((_, i) => seq + i + 1), column('id')],
        ...[column('subject'), column('kind'), column('stamp'), column('body')],
      ]);
      await client.query(ADVANCE, [shop, 0, seq + fresh.length]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  },
});
