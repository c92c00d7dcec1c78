export { createRegulars } from './client/create-regulars.js';
export type * from './client/known-types.js';
export type {
  Audit,
  AuditEntry,
  AuditPlace,
  BlockedIdentifier,
  CatalogSource,
  Choice,
  ConsentSetting,
  ContextChange,
  CustomerExport,
  DeviceCookie,
  ForgetOptions,
  Forgotten,
  Imported,
  Notice,
  ProofGiven,
  ProofKind,
  ProofOptions,
  ProofRequest,
  Ready,
  Recognition,
  RecognizeOptions,
  MessageFormatter,
  RecommendedItem,
  Recommendations,
  RecommendOptions,
  RecordOutcome,
  RefundGiven,
  Regulars,
  RegularsEvents,
  RegularsOptions,
  Rights,
  SetAside,
  Snapshot,
  SnapshotCustomer,
  StorageStatus,
  TransferOptions,
  Verification,
} from './client/types.js';
export type { Locale, LookForSlots, MessageSlots, Messages } from './greeting/messages.js';
export type { OfferOptions } from './greeting/offer-items.js';
export type { SpeechOptions } from './greeting/speech-options.js';
export type * from './greeting/types.js';
export type * from './identity/port.js';
export type * from './identity/types.js';
export { systemClock, type Clock, type Random } from './kernel/clock.js';
export { isRegularsError, RegularsError, type RegularsErrorCode } from './kernel/errors.js';
export type { Json } from './kernel/json.js';
export { money } from './kernel/money.js';
export type { Readable } from './kernel/readable.js';
export type { Stamp } from './kernel/stamp.js';
export type * from './profile/port.js';
export type * from './profile/types.js';
export type { SyncFace, SyncNowOptions, SyncPlug } from './client/sync-types.js';
export type { RefusedRecord, SyncCode, SyncStatus } from './sync/types.js';
export type * from './recommend/types.js';
