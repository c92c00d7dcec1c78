export {
  createTestRegulars,
  type TestRegulars,
  type TestRegularsOptions,
} from './create-test-regulars.js';
export { createFakeClock, seededRandom, type FakeClock } from './fake-clock.js';
export { storageContract, type StoragePromise } from './storage-contract.js';
export { storageSaboteurs, type StorageSaboteur } from './storage-saboteurs.js';
