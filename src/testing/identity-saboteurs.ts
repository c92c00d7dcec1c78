import type { IdentityBackend, ProofChecked } from '../identity/port.js';
import type { IdentityBackendSetup } from './identity-contract.js';

/** A backend made to break one promise, to show that the contract notices. */
export interface IdentityBackendSaboteur {
  /** The name of the promise that must fail, and the only one that may. */
  readonly breaks: string;
  /** Wraps a sound backend. */
  readonly sabotage: (setup: IdentityBackendSetup) => IdentityBackendSetup;
}

const instead = (
  setup: IdentityBackendSetup,
  change: (backend: IdentityBackend) => Partial<IdentityBackend>,
): IdentityBackendSetup => ({ ...setup, backend: { ...setup.backend, ...change(setup.backend) } });

/** A saboteur for each promise of the contract of backends. */
export const identityBackendSaboteurs: readonly IdentityBackendSaboteur[] = [
  {
    breaks: 'a look-up tells known and unknown apart to nobody',
    sabotage: (setup) =>
      instead(setup, () => ({
        lookUp: async (who) =>
          who.some(({ value }) => value === setup.known.phone)
            ? { kind: 'view', view: {} }
            : { kind: 'unproven' },
      })),
  },
  {
    breaks: 'a request for a code looks the same for known and unknown',
    sabotage: (setup) =>
      instead(setup, ({ requestProof }) => ({
        requestProof: async (kind, who, call) => {
          const begun = await requestProof(kind, who, call);
          const isKnown = who.some(({ value }) => value === setup.known.phone);
          return kind === 'code' && isKnown && begun.kind === 'begun'
            ? { ...begun, lifetimeMs: begun.lifetimeMs + 1 }
            : begun;
        },
      })),
  },
  {
    breaks: 'a code proves once',
    sabotage: (setup) =>
      instead(setup, ({ checkProof }) => {
        const taken = new Map<string, ProofChecked>();
        return {
          checkProof: async (id, code, call) => {
            const before = taken.get(`${id} ${code}`);
            if (before) return before;
            const checked = await checkProof(id, code, call);
            if (code !== undefined && checked.kind === 'proved')
              taken.set(`${id} ${code}`, checked);
            return checked;
          },
        };
      }),
  },
  {
    breaks: 'a code is over after its time',
    sabotage: (setup) => ({ ...setup, advance: () => undefined }),
  },
  {
    breaks: 'a code can be tried a few times, and then not even the good one counts',
    sabotage: (setup) =>
      instead(setup, ({ checkProof }) => ({
        checkProof: async (id, code, call) => {
          const checked = await checkProof(id, code, call);
          return checked.kind === 'wrong' ? { ...checked, triesLeft: 4 } : checked;
        },
      })),
  },
  {
    breaks: 'a QR that the phone refuses proves nothing',
    sabotage: (setup) => ({
      ...setup,
      answerQr: (qr, account) => setup.answerQr(qr, account ?? setup.known.account),
    }),
  },
  {
    breaks: 'too many requests are limited, known and unknown alike',
    sabotage: (setup) =>
      instead(setup, ({ requestProof }) => ({
        requestProof: async (kind, who, call) => {
          const begun = await requestProof(kind, who, call);
          const isKnown = who.some(({ value }) => value === setup.known.phone);
          return isKnown && begun.kind === 'limited'
            ? { kind: 'begun', id: '', lifetimeMs: 1 }
            : begun;
        },
      })),
  },
  {
    breaks: 'the code that was sent proves whose it is',
    sabotage: (setup) =>
      instead(setup, ({ checkProof }) => ({
        checkProof: async (id, code, call) => {
          const checked = await checkProof(id, code, call);
          if (code === undefined || checked.kind !== 'proved') return checked;
          const identifiers = checked.identifiers.filter(({ type }) => type !== 'account');
          return { ...checked, identifiers };
        },
      })),
  },
  {
    breaks: 'a code is good for the request it was sent for',
    sabotage: (setup) =>
      instead(setup, ({ checkProof }) => ({
        checkProof: async (id, code, call) => {
          const checked = await checkProof(id, code, call);
          return checked.kind === 'wrong' && code === setup.lastCode()
            ? { kind: 'proved', identifiers: [] }
            : checked;
        },
      })),
  },
  {
    breaks: 'a QR proves whom the phone says, once',
    sabotage: (setup) =>
      instead(setup, ({ checkProof }) => {
        const taken = new Map<string, ProofChecked>();
        return {
          checkProof: async (id, code, call) => {
            const before = code === undefined ? taken.get(id) : undefined;
            const checked = before ?? (await checkProof(id, code, call));
            if (code === undefined && checked.kind === 'proved') taken.set(id, checked);
            return checked;
          },
        };
      }),
  },
  {
    breaks: 'what a QR shows fetches no proof',
    sabotage: (setup) =>
      instead(setup, ({ requestProof, checkProof }) => {
        const shown = new Map<string, string>();
        return {
          requestProof: async (...asked) => {
            const begun = await requestProof(...asked);
            if (begun.kind === 'begun') shown.set(begun.qr ?? '', begun.id);
            return begun;
          },
          checkProof: (id, ...rest) => checkProof(shown.get(id) ?? id, ...rest),
        };
      }),
  },
];
