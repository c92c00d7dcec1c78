import { createHash, randomUUID } from 'node:crypto';

/**
 * The backend's half of sync, for a shop that has accounts and a database of its own. The maps are tables; `push` is one
 * transaction which locks the account's row, so that numbers are given in the order of the commits.
 */
export function createEndpoint() {
  const logs = new Map(); // account → its records, oldest first: the place in it is the number
  const owners = new Map(); // subject → account: an entry belongs to whoever sent it first
  const erased = new Map(); // hash of a subject → the erasure, without its subjects
  let epoch = randomUUID(); // a new one after a backup was restored: numbers of before mean nothing then

  const hash = (subject) => createHash('sha256').update(subject).digest('hex');
  const logOf = (account) => logs.get(account) ?? logs.set(account, []).get(account);
  const ids = new Set(); // of all that was ever there, with the account: unique in a table
  const owns = (account, subject) => (owners.get(subject) ?? account) === account;

  function erase(account, { data, ...erasure }) {
    if (!data.subjects.every((subject) => owns(account, subject))) return { code: 'scope' };
    const isNew = data.subjects.some((subject) => !erased.has(hash(subject)));
    for (const subject of data.subjects) {
      owners.set(subject, account);
      if (!erased.has(hash(subject)))
        erased.set(hash(subject), { ...erasure, subject: '', data: { at: data.at } });
    }
    for (const entry of logOf(account))
      if (data.subjects.includes(entry.record?.subject)) entry.record = undefined; // its id stays
    return { status: isNew ? 'accepted' : 'duplicate' };
  }

  function take(account, record) {
    const { id, subject, kind, data } = record;
    if (kind === 'erasure') return erase(account, record);
    if (erased.has(hash(subject))) return { status: 'erased' };
    if (kind === 'purchase' && !Array.isArray(data?.lines)) return { code: 'invalid' };
    if (!owns(account, subject)) return { code: 'scope' };
    if (ids.has(`${account} ${id}`)) return { status: 'duplicate' };
    ids.add(`${account} ${id}`);
    owners.set(subject, account);
    logOf(account).push({ record });
    return { status: 'accepted' };
  }

  return {
    push(account, { records }) {
      const erasuresFirst = [...records].sort(
        (a, b) => (b.kind === 'erasure') - (a.kind === 'erasure'),
      );
      const results = erasuresFirst.map((record) => {
        const { status = 'rejected', code } = take(account, record);
        return { id: record.id, status, code };
      });
      return { results, serverTime: Date.now() };
    },

    pull(account, { cursor, limit, subjects }) {
      const [from, number] = cursor?.split(' ') ?? [epoch, '0'];
      const after = Number(number);
      if (from !== epoch || !(after <= logOf(account).length)) return { resync: 'epoch' };
      const page = logOf(account).slice(after, after + limit);
      // whoever is in front of the device: it is told which of the entries it holds were erased
      const told = subjects.flatMap((subject) => {
        const { data, ...erasure } = erased.get(hash(subject)) ?? {};
        return data ? [{ ...erasure, subject, data: { ...data, subjects: [subject] } }] : [];
      });
      return {
        records: [...told, ...page.flatMap(({ record }) => record ?? [])],
        cursor: `${epoch} ${after + page.length}`,
        more: after + page.length < logOf(account).length,
        serverTime: Date.now(),
      };
    },

    /** After a backup was restored. */
    renew() {
      epoch = randomUUID();
    },
  };
}
