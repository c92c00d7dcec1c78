export {
  createTestRegulars,
  type TestRegulars,
  type TestRegularsOptions,
} from './create-test-regulars.js';
export { databaseContract, type DatabasePromise } from './database-contract.js';
export type { DatabaseSaboteur } from './database-sabotage.js';
export { databaseSaboteurs } from './database-saboteurs.js';
export {
  identityBackendContract,
  type IdentityBackendPromise,
  type IdentityBackendSetup,
} from './identity-contract.js';
export { identityBackendSaboteurs, type IdentityBackendSaboteur } from './identity-saboteurs.js';
export { createFakeClock, seededRandom, type FakeClock } from './fake-clock.js';
export { storageContract, type StoragePromise } from './storage-contract.js';
export { storageSaboteurs, type StorageSaboteur } from './storage-saboteurs.js';
export {
  transportContract,
  type TransportAccount,
  type TransportPart,
  type TransportPromise,
  type TransportSetup,
} from './transport-contract.js';
export { transportSaboteurs, type TransportSaboteur } from './transport-saboteurs.js';
