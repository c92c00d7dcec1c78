export { passesGs1, passesLuhn } from './check-digits.js';
export { createMissLimiter, limitedFor, recordMiss, type MissState } from './limiter.js';
export { createTokenizer, type Tokenizer } from './tokens.js';
export { decideReveal } from './reveal-field.js';
export {
  evidenceLevels,
  expireProof,
  levelAtLeast,
  type Proof,
  type ProofState,
} from './evidence.js';
export { maskName, maskText } from './mask.js';
export { normalizeIdentifier, type NormalizeOptions } from './normalize-identifier.js';
export { sameMailbox } from './same-mailbox.js';
export type {
  BlockedReason,
  CardText,
  EvidenceLevel,
  Identifiers,
  IdentifierType,
  KnownIdentifierType,
  LoyaltyRules,
  Mode,
  NormalIdentifier,
  NormalizeResult,
  ReadPhone,
  RevealContext,
  RevealDecision,
  Revealed,
  RevealField,
  RevealOverrides,
} from './types.js';
