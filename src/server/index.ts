export { memoryBus } from './bus.js';
export { createRegularsServer } from './create-server.js';
export { openSealed } from './open-sealed.js';
export { createSealKeys } from '../sync/seal.js';
export { isRegularsError, RegularsError } from '../kernel/errors.js';
export { webhook } from './webhook.js';
export type { WebhookOptions, WebhookVendor } from './webhook.js';
export type { Bus } from './bus.js';
export type { RegularsServer } from './create-server.js';
export type { ImportDefaults, PurchaseSetAside } from '../formats/read-imported.js';
export type * from './port.js';
export type { Compacted } from './compact.js';
export type { DeviceAdded, DeviceInfo } from './devices.js';
export type { Recorded, RecordOptions, RefundGiven } from './record.js';
export type { ServerImported, ServerShop } from './shop.js';
export type { GreetContext, Greeted, OfferContext, Offered, OfferedItem } from './speak.js';
export type { OfferOptions } from '../greeting/offer-items.js';
export type { SpeechOptions } from '../greeting/speech-options.js';
export type {
  Authorized,
  CodeToDeliver,
  CorsOptions,
  RegularsServerOptions,
  ServerLimits,
  ServerScope,
  ShopKeys,
  ShopSettings,
} from './types.js';
export type { OpenedBox, OpenSealedOptions } from './open-sealed.js';
export type { SealKeys } from '../sync/seal.js';
export type { SealedBox, SealedContent, SealedIdentifier } from '../sync/types.js';
export type { RegularsErrorCode } from '../kernel/errors.js';
