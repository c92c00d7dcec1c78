import type { NormalIdentifier } from '../identity/types.js';
import { uuidV7 } from '../kernel/ids.js';
import { nextStamp, type Stamp } from '../kernel/stamp.js';
import type { ProfileStorage } from '../profile/port.js';
import type { ProfileRecord, RecordDraft } from '../profile/types.js';
import { sealRecords } from '../sync/seal.js';
import type { SealedBox, SealedIdentifier } from '../sync/types.js';
import { append, commit } from './append.js';
import { answersOf, consentOf } from './consent.js';
import type { Core } from './core.js';
import { linkDraft } from './drafts.js';
import { createSealedQueue, type SealedQueue } from './sealed-queue.js';
import { SEALED_PREFIX } from './sealed-rows.js';
import type { Sealing } from './sealing-types.js';
import { within } from './within.js';

/** `record` settles within so long. */
const SETTLE_MS = 2_000;

type Typed = NormalIdentifier & { readonly token: string };
type Seal = (
  records: readonly ProfileRecord[],
  identifiers: readonly Typed[],
) => Promise<SealedBox>;

/** What was recorded, before it is stamped. */
interface Captured {
  /** Whose visit it is. */
  readonly subject: string;
  readonly drafts: readonly RecordDraft[];
  readonly identifiers: readonly Typed[];
}

/** What is kept of the visits that a payment may still be answered for: nothing that says who it was. */
interface Visitors {
  /** What was typed, sealed at once. */
  readonly claims: Map<string, Promise<SealedBox | undefined>>;
  /** What was written, for as long as they may take it back. */
  readonly written: Map<string, readonly string[]>;
  /** Who said no. */
  readonly refused: Map<string, true>;
}

/** Lets go of visits that are over for good. */
function prune({ state }: Core, visitors: Visitors): void {
  const known = new Set([...state.visits.values(), state.person.subject]);
  for (const map of Object.values(visitors) as readonly Map<string, unknown>[])
    for (const subject of map.keys()) if (!known.has(subject)) map.delete(subject);
}

/** Makes what seals at a kiosk: purchases are readable by the backend alone from the moment they are recorded. */
export function createSealing(core: Core, sealTo: JsonWebKey, storage: ProfileStorage): Sealing {
  const queue = createSealedQueue(core, storage);
  const visitors: Visitors = { claims: new Map(), written: new Map(), refused: new Map() };
  const seal: Seal = (records, identifiers) =>
    sealRecords(sealTo, core.options.shop, { records, identifiers: identifiers.map(asSealed) });
  return {
    claimed: (subject, claims) => {
      prune(core, visitors);
      const links = claims.map((claim) => linkDraft(core, subject, claim, 'claimed', 'claim'));
      const sealed = seal(stamped(core, links), claims).catch((error: unknown) => {
        core.report(error);
        return undefined;
      });
      visitors.claims.set(subject, sealed);
    },
    unclaim: (subject) => void visitors.claims.delete(subject),
    record: async (subject, drafts, identifiers) => {
      prune(core, visitors);
      try {
        const boxes = await sealPurchase(core, seal, visitors, { subject, drafts, identifiers });
        // they may have said no meanwhile
        if (!boxes || refuses(core, visitors, subject)) return await commit(core, drafts);
        if (boxes.length > 0) enqueue(core, queue, visitors, subject, boxes);
      } catch (error) {
        // no key, or no WebCrypto: as in a kiosk that does not seal
        core.report(error);
        return commit(core, drafts);
      }
      await within(core, queue.flush(), SETTLE_MS);
      const reason = queue.waits(subject);
      return reason === undefined ? { kind: 'kept' } : { kind: 'held', reason };
    },
    refuse: async (subject) => {
      const keys = visitors.written.get(subject);
      visitors.refused.set(subject, true);
      visitors.claims.delete(subject);
      visitors.written.delete(subject);
      if (!keys) return;
      queue.drop(subject);
      queue.add({ subject, keys });
      await within(core, queue.flush(), SETTLE_MS);
    },
    allow: (subject) => void visitors.refused.delete(subject),
    resume: () => void queue.flush(),
    stop: queue.stop,
  };
}

/** True for somebody of whom nothing may be written. What they answered counts for their visit. */
function refuses(core: Core, visitors: Visitors, subject: string): boolean {
  const isHere = subject === core.state.person.subject;
  const answer = isHere ? consentOf(core, 'remember') : answersOf(core).remember;
  return visitors.refused.has(subject) || answer === 'denied';
}

/** The boxes of a purchase, with what was typed; none when all of it is known, undefined when they said no. */
async function sealPurchase(
  core: Core,
  seal: Seal,
  visitors: Visitors,
  { subject, drafts, identifiers }: Captured,
): Promise<readonly SealedBox[] | undefined> {
  if (refuses(core, visitors, subject)) return undefined;
  // taken before anything is awaited: of two payments that are answered at once, one brings it
  const claimed = visitors.claims.get(subject);
  visitors.claims.delete(subject);
  const records = await remembered(core, subject, drafts, identifiers);
  if (records.length === 0) return [];
  const typed = await claimed;
  const box = await seal(records, identifiers);
  return typed ? [typed, box] : [box];
}

function enqueue(
  { clock, random }: Core,
  queue: SealedQueue,
  visitors: Visitors,
  subject: string,
  sealed: readonly SealedBox[],
): void {
  const boxes = sealed.map((box) => ({ key: SEALED_PREFIX + uuidV7(clock.now(), random), box }));
  const keys = boxes.map(({ key }) => key);
  queue.add({ subject, keys, boxes });
  visitors.written.set(subject, [...(visitors.written.get(subject) ?? []), ...keys]);
}

const asSealed = ({ token, type, value }: Typed): SealedIdentifier => ({ token, type, value });

/** Drafts as records: of a visit that is over, which has no log any more. */
function stamped({ vault }: Core, drafts: readonly RecordDraft[]): readonly ProfileRecord[] {
  const { shop, now, device } = vault.env();
  let last: Stamp | undefined;
  return drafts.map((draft) => {
    last = nextStamp(last, now, device);
    return { ...draft, shop, stamp: last };
  });
}

/** Appends to the memory of this visit, and gives what was new to it; a visit that is over gets no memory again. */
async function remembered(
  core: Core,
  subject: string,
  drafts: readonly RecordDraft[],
  identifiers: readonly { readonly token: string }[],
): Promise<readonly ProfileRecord[]> {
  const { state, vault } = core;
  const isOver = (): boolean => state.person.subject !== subject;
  if (isOver()) {
    for (const { token } of identifiers) vault.identifiers.delete(token);
    return stamped(core, drafts);
  }
  const appended = await append(core, drafts);
  // the visit ended while this was written
  if (isOver() && !state.visit) await vault.dropHeld();
  return (appended?.appended ?? []) as readonly ProfileRecord[];
}
