import { RegularsError } from '../../kernel/errors.js';
import { isTransient, withRetries, type RetryEnv } from './retry.js';
import type { SqlClient } from './sql-client.js';

/**
 * The tables, version by version; what was released is never edited. Each statement may run twice, and each by itself: not every engine
 * takes them in one transaction. Every key begins with the shop, so that engines which spread tables can spread by it.
 */
const VERSIONS: readonly (readonly string[])[] = [
  [
    `create table if not exists regulars_shop (
       shop text not null primary key,
       epoch text not null,
       lanes integer not null)`,
    `create table if not exists regulars_lane (
       shop text not null,
       lane integer not null,
       seq bigint not null,
       horizon bigint not null,
       primary key (shop, lane))`,
    // a row whose body is null keeps its id and its number, and nothing else; names: hashes of a purchase's ids, as JSON
    `create table if not exists regulars_record (
       shop text not null,
       lane integer not null,
       seq bigint not null,
       id text not null,
       subject text not null,
       kind text not null,
       stamp text not null,
       body text,
       names text,
       primary key (shop, lane, seq),
       unique (shop, id))`,
    `create index if not exists regulars_record_subject
       on regulars_record (shop, subject, lane, seq) where body is not null`,
    `create index if not exists regulars_record_link
       on regulars_record (shop, subject) where kind in ('link', 'unlink', 'base')`,
    `create table if not exists regulars_token (
       shop text not null,
       token text not null,
       subject text not null,
       primary key (shop, token, subject))`,
    `create index if not exists regulars_token_subject on regulars_token (shop, subject)`,
    `create table if not exists regulars_erased (
       shop text not null,
       hash text not null,
       primary key (shop, hash))`,
    `create table if not exists regulars_device (
       shop text not null,
       id text not null,
       place text,
       key_hash text,
       code_hash text,
       code_until bigint,
       version text,
       seen_at bigint,
       oldest_unsent bigint,
       revoked boolean not null,
       primary key (shop, id))`,
    `create index if not exists regulars_device_key on regulars_device (shop, key_hash)`,
    `create index if not exists regulars_device_code on regulars_device (shop, code_hash)`,
    `create table if not exists regulars_note (
       shop text not null,
       name text not null,
       value text not null,
       until_ms bigint not null,
       primary key (shop, name))`,
  ],
];

/** Makes the tables, or brings them up to date. Two who do it at once get in each other's way, and try again. */
export async function migrate(client: SqlClient, env: RetryEnv): Promise<void> {
  const run = (text: string, ...params: readonly unknown[]) =>
    withRetries(env, () => client.query(text, params), mayMendSchema);
  await run('create table if not exists regulars_schema (version integer not null primary key)');
  const [row] = await run('select max(version) as version from regulars_schema');
  const version = Number(row?.['version'] ?? 0);
  if (version > VERSIONS.length)
    throw new RegularsError(
      'ERR_DATABASE_FAILED',
      `The tables are of a newer release (version ${version}, this one knows ${VERSIONS.length}): install it here too.`,
    );
  for (const [i, statements] of VERSIONS.entries()) {
    if (i < version) continue;
    for (const statement of statements) await run(statement);
    await run('insert into regulars_schema (version) values ($1) on conflict do nothing', i + 1);
  }
}

/** `if not exists` looks before it makes: two at once may both make. PostgreSQL then refuses one by one of its own tables' keys. */
function mayMendSchema(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return ['42710', '42P07', 'XX000'].includes(String(code)) || isTransient(error);
}
