import type { IdentityBackend, ProofBegun, ProofChecked } from '../identity/port.js';
import { canonicalJson } from '../kernel/json.js';
import { equal } from './storage-check.js';

/** A backend to be tested, and what the test has to reach around it. */
export interface IdentityBackendSetup {
  readonly backend: IdentityBackend;
  /** Phone, in E.164, of the one customer who is known by it and has not allowed "greet me by my number"; the account of the same. */
  readonly known: { readonly phone: string; readonly account: string };
  /** Phone of nobody. */
  readonly unknown: string;
  /** The code that was sent last; undefined when none was. */
  readonly lastCode: () => string | undefined;
  /** The customer's phone answers a QR. */
  readonly answerQr: (qr: string, account: string | undefined) => void;
  /** Lets time pass. */
  readonly advance: (ms: number) => void;
}

/** One thing that every backend promises, and the check of it. */
export interface IdentityBackendPromise {
  /** A sentence: the name of the test. */
  readonly name: string;
  /** Rejects with a plain `Error` when a backend that `make` gives breaks the promise. Each call of `make` gives a fresh one. */
  readonly check: (
    make: () => IdentityBackendSetup | Promise<IdentityBackendSetup>,
  ) => Promise<void>;
}

const phone = (value: string): readonly { readonly type: string; readonly value: string }[] => [
  { type: 'phone', value },
];
const call = (): { readonly signal: AbortSignal } => ({ signal: new AbortController().signal });

function promise(
  name: string,
  check: (setup: IdentityBackendSetup) => Promise<void>,
): IdentityBackendPromise {
  return { name, check: async (make) => check(await make()) };
}

/** A proof that was begun; throws where it was not. */
async function begin(
  { backend }: IdentityBackendSetup,
  kind: 'code' | 'qr',
  number: string,
): Promise<Extract<ProofBegun, { readonly kind: 'begun' }>> {
  const begun = await backend.requestProof(kind, phone(number), call());
  if (begun.kind !== 'begun') throw new Error(`a first request was ${begun.kind}`);
  return begun;
}

/** What an answer looks like to a stranger: which members it has, and how long their texts are. */
const shapeOf = (value: unknown): string =>
  canonicalJson(
    JSON.parse(
      JSON.stringify(value, (_key, part: unknown) =>
        typeof part === 'string' ? part.length : part,
      ),
    ),
  );

const codeOf = ({ lastCode }: IdentityBackendSetup): string => {
  const code = lastCode();
  if (code === undefined) throw new Error('no code was sent');
  return code;
};
const otherThan = (code: string): string => (code === '000000' ? '000001' : '000000');
const accounts = (checked: ProofChecked): readonly string[] =>
  checked.kind === 'proved'
    ? checked.identifiers.filter(({ type }) => type === 'account').map(({ value }) => value)
    : [];

/** What every {@link IdentityBackend} promises, whatever it runs on. */
export const identityBackendContract: readonly IdentityBackendPromise[] = [
  promise('a look-up tells known and unknown apart to nobody', async ({ backend, ...setup }) => {
    const known = await backend.lookUp(phone(setup.known.phone), call());
    const unknown = await backend.lookUp(phone(setup.unknown), call());
    equal('the known one', known, unknown);
  }),
  promise('a request for a code looks the same for known and unknown', async (setup) => {
    const known = await begin(setup, 'code', setup.known.phone);
    const unknown = await begin(setup, 'code', setup.unknown);
    equal('the known one', shapeOf(known), shapeOf(unknown));
  }),
  promise('too many requests are limited, known and unknown alike', async (setup) => {
    const countOf = async (number: string): Promise<number> => {
      for (let asked = 0; asked < 100; asked++) {
        const begun = await setup.backend.requestProof('code', phone(number), call());
        if (begun.kind === 'limited') return asked;
      }
      throw new Error('100 codes in a row were sent');
    };
    equal('how many', await countOf(setup.known.phone), await countOf(setup.unknown));
  }),
  promise('the code that was sent proves whose it is', async (setup) => {
    const { id } = await begin(setup, 'code', setup.known.phone);
    const checked = await setup.backend.checkProof(id, codeOf(setup), call());
    equal('the account', accounts(checked), [setup.known.account]);
  }),
  promise('a code proves once', async (setup) => {
    const { id } = await begin(setup, 'code', setup.known.phone);
    const code = codeOf(setup);
    await setup.backend.checkProof(id, code, call());
    const again = await setup.backend.checkProof(id, code, call());
    if (again.kind === 'proved') throw new Error('the same code proved twice');
  }),
  promise('a code is over after its time', async (setup) => {
    const { id, lifetimeMs } = await begin(setup, 'code', setup.known.phone);
    setup.advance(lifetimeMs);
    const late = await setup.backend.checkProof(id, codeOf(setup), call());
    equal('a late code', late.kind, 'expired');
  }),
  promise(
    'a code can be tried a few times, and then not even the good one counts',
    async (setup) => {
      const { id } = await begin(setup, 'code', setup.known.phone);
      const good = codeOf(setup);
      let left = 10;
      while (left > 0) {
        const checked = await setup.backend.checkProof(id, otherThan(good), call());
        if (checked.kind !== 'wrong') throw new Error(`a wrong code was ${checked.kind}`);
        if (checked.triesLeft >= left) throw new Error('a try did not count');
        left = checked.triesLeft;
      }
      const checked = await setup.backend.checkProof(id, good, call());
      if (checked.kind === 'proved') throw new Error('a code was good after all tries were gone');
    },
  ),
  promise('a code is good for the request it was sent for', async (setup) => {
    const { id } = await begin(setup, 'code', setup.known.phone);
    await begin(setup, 'code', setup.unknown);
    const checked = await setup.backend.checkProof(id, codeOf(setup), call());
    if (checked.kind === 'proved') throw new Error("another request's code was taken");
  }),
  promise('a QR proves whom the phone says, once', async (setup) => {
    const { id, qr = '' } = await begin(setup, 'qr', setup.unknown);
    const waiting = setup.backend.checkProof(id, undefined, call());
    setup.answerQr(qr, setup.known.account);
    equal('the account', accounts(await waiting), [setup.known.account]);
    const again = await setup.backend.checkProof(id, undefined, call());
    if (again.kind === 'proved') throw new Error('the same QR proved twice');
  }),
  promise('what a QR shows fetches no proof', async (setup) => {
    const { qr = '' } = await begin(setup, 'qr', setup.unknown);
    setup.answerQr(qr, setup.known.account);
    const checked = await setup.backend.checkProof(qr, undefined, call());
    if (checked.kind === 'proved') throw new Error('whoever sees the screen could take the proof');
  }),
  promise('a QR that the phone refuses proves nothing', async (setup) => {
    const { id, qr = '' } = await begin(setup, 'qr', setup.unknown);
    const waiting = setup.backend.checkProof(id, undefined, call());
    setup.answerQr(qr, undefined);
    equal('the answer', (await waiting).kind, 'refused');
  }),
];
