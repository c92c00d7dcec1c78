export { buyAgainOrder, type BuyAgainOptions } from './buy-again-order.js';
export { dueOf } from './due.js';
export { gapTail } from './gap-tail.js';
export { pActive, pAlive } from './p-alive.js';
export { priors, type Trade } from './priors.js';
export { returnTone } from './return-tone.js';
export { summarise } from './summarise.js';
export type {
  BuyAgain,
  Due,
  ReturnTone,
  RhythmPrior,
  RhythmSummary,
  Tone,
  ToneOptions,
  UsualShare,
} from './types.js';
export { usualShare } from './usual-share.js';
