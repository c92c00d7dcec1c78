/**
 * What a PostgreSQL behind PostgREST, such as Supabase's, needs: four tables with row-level security and the two functions that
 * `supabaseTransport` calls. Run it as the owner of the database; running it again changes nothing.
 * @example
 * console.log(supabaseSql); // into supabase/migrations/0001_regulars.sql
 */
export const supabaseSql: string = `-- Regulars on PostgREST
-- Who asks. The shop is 'main' unless the metadata of the account names another; change it here if yours is found elsewhere.
create or replace function regulars_shop() returns text language sql stable as $$
  select coalesce(nullif(current_setting('request.jwt.claims', true), '')::json -> 'app_metadata' ->> 'shop', 'main')
$$;
create or replace function regulars_account() returns text language sql stable as $$
  select nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub'
$$;
create or replace function regulars_hash(subject text) returns text language sql immutable as $$
  select encode(sha256(convert_to(subject, 'UTF8')), 'hex')
$$;

-- One row an account: its lock makes the order of the numbers that of the commits, without a gap.
-- After a backup was restored: update regulars_heads set epoch = gen_random_uuid()::text;
create table if not exists regulars_heads (
  shop text, account text, seq bigint not null default 0, epoch text not null default gen_random_uuid()::text,
  primary key (shop, account)
);
-- The body is text: json and jsonb refuse what JavaScript's strings may hold.
create table if not exists regulars_records (
  shop text, account text, seq bigint, id text not null, subject_hash text not null, body text,
  primary key (shop, account, seq), unique (shop, account, id)
);
create index if not exists regulars_records_subject on regulars_records (shop, account, subject_hash);
-- An entry belongs to the account that sent it first.
create table if not exists regulars_entries (
  shop text, subject_hash text, account text not null, primary key (shop, subject_hash)
);
-- Who was forgotten: hashes of random ids, nothing personal.
create table if not exists regulars_erased (
  shop text, subject_hash text, id text not null, stamp text not null, at bigint not null, primary key (shop, subject_hash)
);

do $$
declare t text;
begin
  foreach t in array array['regulars_heads', 'regulars_records', 'regulars_entries', 'regulars_erased'] loop
    execute format('alter table %I enable row level security', t);
    execute format('revoke all on %I from anon, authenticated', t);
    execute format('grant select, insert on %I to authenticated', t);
    execute format('drop policy if exists regulars on %I', t);
    if t <> 'regulars_erased' then
      execute format('create policy regulars on %I to authenticated using (shop = (select regulars_shop()) and account = (select regulars_account()))', t);
    end if;
  end loop;
  grant update on regulars_heads, regulars_records to authenticated;
  -- whoever holds an entry may know that it was erased; only whose it is may erase it
  create policy regulars on regulars_erased for select to authenticated using (shop = (select regulars_shop()));
  drop policy if exists regulars_own on regulars_erased;
  create policy regulars_own on regulars_erased for insert to authenticated with check (shop = regulars_shop() and exists (
    select from regulars_entries e where e.shop = regulars_erased.shop and e.subject_hash = regulars_erased.subject_hash
      and e.account = regulars_account()));
end $$;

create or replace function regulars_push(records json) returns json language plpgsql security invoker set search_path = public as $$
declare
  my_shop text := regulars_shop();
  me text := regulars_account();
  item json;
  subject text;
  hash text;
  refused boolean;
  erasures json[] := '{}';
  others json;
begin
  if me is null then raise sqlstate 'PT401' using message = 'Nobody is signed in.'; end if;
  if json_array_length(records) > 500 then raise sqlstate 'PT413' using message = 'At most 500 records.'; end if;
  insert into regulars_heads (shop, account) values (my_shop, me) on conflict do nothing;
  perform from regulars_heads where shop = my_shop and account = me for update;
  -- first: what comes beside an erasure is about somebody who is forgotten already
  for item in select value from json_array_elements(records) where value ->> 'kind' = 'erasure' loop
    refused := false;
    for subject in select json_array_elements_text(item -> 'subjects') loop
      hash := regulars_hash(subject);
      insert into regulars_entries values (my_shop, hash, me) on conflict do nothing;
      -- row-level security shows whose it is: one's own, or nobody's
      if not exists (select from regulars_entries where shop = my_shop and subject_hash = hash) then
        refused := true;
        continue;
      end if;
      insert into regulars_erased values (my_shop, hash, item ->> 'id', item ->> 'stamp', (item ->> 'at')::bigint) on conflict do nothing;
      -- the ids stay, so that nothing comes twice
      update regulars_records set body = null where shop = my_shop and account = me and subject_hash = hash;
    end loop;
    erasures := erasures || case when refused
      then json_build_object('id', item ->> 'id', 'status', 'rejected', 'code', 'scope')
      else json_build_object('id', item ->> 'id', 'status', 'accepted') end;
  end loop;

  insert into regulars_entries select distinct my_shop, regulars_hash(value ->> 'subject'), me from json_array_elements(records)
    where value ->> 'subject' is not null on conflict do nothing;
  with items as (
    select n, i ->> 'id' as id, regulars_hash(i ->> 'subject') as subject_hash, i ->> 'body' as body,
      row_number() over (partition by i ->> 'id' order by n) as time
    from json_array_elements(records) with ordinality as t (i, n) where i ->> 'kind' is distinct from 'erasure'
  ), judged as (
    select n, id, subject_hash, body, case
      when length(id) not between 1 and 100 or body is null or subject_hash is null then 'invalid'
      when exists (select from regulars_erased e where e.shop = my_shop and e.subject_hash = items.subject_hash) then 'erased'
      when time > 1 or exists (select from regulars_records r where r.shop = my_shop and r.account = me and r.id = items.id) then 'duplicate'
      when not exists (select from regulars_entries o where o.shop = my_shop and o.subject_hash = items.subject_hash) then 'scope'
      else 'accepted' end as outcome
    from items
  ), numbered as (
    update regulars_heads set seq = seq + (select count(*) from judged where outcome = 'accepted')
    where shop = my_shop and account = me returning seq
  ), added as (
    insert into regulars_records
    select my_shop, me, seq - row_number() over (order by n desc) + 1, id, subject_hash, body
    from judged, numbered where outcome = 'accepted'
  )
  select json_agg(case when outcome in ('invalid', 'scope')
    then json_build_object('id', id, 'status', 'rejected', 'code', outcome)
    else json_build_object('id', id, 'status', outcome) end) into others from judged;
  return json_build_object(
    'results', array_to_json(erasures || array(select json_array_elements(coalesce(others, '[]')))),
    'serverTime', floor(extract(epoch from clock_timestamp()) * 1000));
end $$;

-- "after" is what was given as the cursor; "held" are the entries of the device, which it is told of when they were erased.
create or replace function regulars_pull(after text, size int, held json) returns json
language plpgsql stable security invoker set search_path = public as $$
declare
  my_shop text := regulars_shop();
  me text := regulars_account();
  head regulars_heads;
  since bigint := 0;
  upto bigint;
  bodies json;
  told json;
begin
  if me is null then raise sqlstate 'PT401' using message = 'Nobody is signed in.'; end if;
  select * into head from regulars_heads where shop = my_shop and account = me;
  if after is not null then
    -- 'new' is the epoch of an account that has sent nothing
    if after !~ '^[0-9a-z-]{1,40} [0-9]{1,15}$' then return json_build_object('resync', 'epoch'); end if;
    since := split_part(after, ' ', 2)::bigint;
    if split_part(after, ' ', 1) not in ('new', coalesce(head.epoch, 'new')) or since > coalesce(head.seq, 0) then
      return json_build_object('resync', 'epoch');
    end if;
  end if;
  select json_agg(body order by seq) filter (where body is not null), max(seq) into bodies, upto from (
    select seq, body from regulars_records where shop = my_shop and account = me and seq > since
    order by seq limit least(greatest(size, 1), 1000)) page;
  select json_agg(json_build_object('id', e.id, 'shop', my_shop, 'subject', one, 'kind', 'erasure', 'stamp', e.stamp, 'by', 'backend',
      'data', json_build_object('at', e.at, 'subjects', json_build_array(one)))) into told
    from json_array_elements_text(held) one
    join regulars_erased e on e.shop = my_shop and e.subject_hash = regulars_hash(one);
  return json_build_object('bodies', coalesce(bodies, '[]'), 'erased', coalesce(told, '[]'),
    'cursor', coalesce(head.epoch, 'new') || ' ' || coalesce(upto, since), 'more', coalesce(upto, since) < coalesce(head.seq, 0),
    'serverTime', floor(extract(epoch from clock_timestamp()) * 1000));
end $$;

revoke execute on function regulars_push(json), regulars_pull(text, int, json) from public, anon;
grant execute on function regulars_push(json), regulars_pull(text, int, json) to authenticated;
`;
