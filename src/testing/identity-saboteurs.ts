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

/** Saboteurs for most promises of the contract of backends. */
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
];
