import type { EvidenceLevel } from './types.js';

/** The levels from least to most. */
export const evidenceLevels: readonly EvidenceLevel[] = ['none', 'device', 'claimed', 'verified'];

/** True when `level` is `asked` or more. */
export function levelAtLeast(level: EvidenceLevel, asked: EvidenceLevel): boolean {
  return evidenceLevels.indexOf(level) >= evidenceLevels.indexOf(asked);
}

/** Something that tells who it is. */
export interface Proof {
  readonly level: EvidenceLevel;
  /** How it was proved, for `explain`: 'host', 'typed', 'code'. */
  readonly method: string;
  /** Elapsed time (not wall time, which can be set back) from which it counts no more. @defaultValue holds as long as it is kept */
  readonly expiresAtElapsed?: number;
}

/** What the proofs are worth at a moment. */
export interface ProofState {
  /** The highest level that is still proved; `none` without any. */
  readonly level: EvidenceLevel;
  /** Those that still hold. */
  readonly proofs: readonly Proof[];
  /** When the next of them expires, in elapsed time; absent when none will. */
  readonly nextAtElapsed?: number;
}

/** Drops the proofs that have expired: the level falls back to what is left, and never stays. */
export function expireProof(proofs: readonly Proof[], elapsedMs: number): ProofState {
  const left = proofs.filter(({ expiresAtElapsed = Infinity }) => elapsedMs < expiresAtElapsed);
  const next = Math.min(...left.map(({ expiresAtElapsed = Infinity }) => expiresAtElapsed));
  const level = left.reduce<EvidenceLevel>(
    (highest, proof) => (levelAtLeast(highest, proof.level) ? highest : proof.level),
    'none',
  );
  return { level, proofs: left, ...(next < Infinity && { nextAtElapsed: next }) };
}
