// The build for a plain <script>: everything of this release's browser entries under one name, `Regulars`.
export { indexedDbStorage } from './adapters/storage/indexed-db.js';
export { memoryStorage } from './adapters/storage/memory.js';
export { createRegulars } from './client/create-regulars.js';
export { defineRemember } from './elements/remember.js';
export { isRegularsError, RegularsError } from './kernel/errors.js';
export { money } from './kernel/money.js';
export { recommender } from './recommend/recommender.js';
