// Every way into the package, named once: the build, the exports test, the sizes and the docs read this table.

/**
 * @typedef {object} Entry
 * @property {string} name      what users import: `regulars/<name>`, `.` for the package itself
 * @property {string} source    the file it is built from
 * @property {number} [budget]  bytes, minified and gzipped, with everything it imports statically, its library included
 * @property {string} [beyond]  entry whose bytes are not counted: pages have this one on top of it
 * @property {boolean} [spoken]  with rhythm, which what speaks to somebody has brought, not counted either
 * @property {boolean} [server]  for backends and workers: a page that imports it fails to build
 * @property {readonly string[]} [foreign]  what its bundle must not hold: the text proves which import leaked
 */

const schemas = 'safeParse';
const page = ['HTMLElement', 'customElements', '\\bdocument\\.'];
const storage = ['indexedDB', 'IDBKeyRange', 'localStorage'];

/** Languages beside English: their words and nothing else. */
const languages = [
  'ar',
  'de',
  'de-formal',
  'es',
  'fr',
  'it',
  'ja',
  'ko',
  'nl',
  'pl',
  'pt-BR',
  'zh-Hans',
];

/** @type {readonly Entry[]} */
export const entries = [
  {
    name: '.',
    source: 'src/index.ts',
    // what a page loads before anybody is known; what speaks to somebody is a chunk of its own, see `speechBudget`
    budget: 11_500,
    foreign: [schemas, 'HTMLElement', 'customElements', 'indexedDB\\.open', 'IDBKeyRange'],
  },
  { name: 'greeting', source: 'src/greeting/index.ts', foreign: [schemas, ...page, ...storage] },
  {
    name: 'identity',
    source: 'src/identity/index.ts',
    budget: 4_000,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'recommend',
    source: 'src/recommend/index.ts',
    // 4.0 were planned for one question: six of them, the shop's rules, mixed lists and what is popular where cost the rest
    budget: 5_600,
    beyond: '.',
    spoken: true,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'rhythm',
    source: 'src/rhythm/index.ts',
    budget: 1_500,
    foreign: [schemas, 'gammaln', ...page, ...storage],
  },
  { name: 'model', source: 'src/model/index.ts', foreign: [schemas, ...page, ...storage] },
  { name: 'profile', source: 'src/profile/index.ts', foreign: [schemas, ...page, ...storage] },
  {
    name: 'import',
    source: 'src/client/import.ts',
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'known-page',
    source: 'src/client/known-page.ts',
    budget: 3_200,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'storage/indexed-db',
    source: 'src/adapters/storage/indexed-db.ts',
    budget: 5_000,
    beyond: '.',
    foreign: [schemas, 'HTMLElement', 'customElements'], // a frozen page is told by its document
  },
  {
    name: 'storage/encrypted',
    source: 'src/adapters/storage/encrypted.ts',
    budget: 6_500,
    beyond: '.',
    foreign: [schemas, ...page, 'indexedDB', 'IDBKeyRange'],
  },
  {
    name: 'storage/memory',
    source: 'src/adapters/storage/memory.ts',
    foreign: [schemas, ...page, 'indexedDB', 'IDBKeyRange'],
  },
  {
    name: 'storage/lmdb',
    source: 'src/adapters/storage/node-lmdb.ts',
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'elements/remember',
    source: 'src/elements/remember.ts',
    budget: 3_000,
    foreign: [schemas, 'indexedDB', 'IDBKeyRange'],
  },
  {
    name: 'elements/known',
    source: 'src/elements/known.ts',
    budget: 3_000,
    foreign: [schemas, 'indexedDB', 'IDBKeyRange'],
  },
  {
    name: 'elements/inspector',
    source: 'src/elements/inspector.ts',
    budget: 6_000,
    foreign: [schemas, 'indexedDB', 'IDBKeyRange'],
  },
  {
    name: 'react',
    source: 'src/react/index.ts',
    budget: 1_000,
    beyond: '.',
    foreign: [schemas, 'customElements', 'indexedDB', 'IDBKeyRange'],
  },
  {
    name: 'sealed-outbox',
    source: 'src/client/sealed-outbox.ts',
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'staff',
    source: 'src/client/staff.ts',
    budget: 4_000,
    beyond: '.',
    foreign: [schemas, 'customElements', 'indexedDB', 'IDBKeyRange'],
  },
  {
    name: 'directory',
    source: 'src/client/directory.ts',
    budget: 3_500,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'sync',
    source: 'src/client/sync.ts',
    budget: 5_000,
    beyond: '.',
    foreign: [schemas, 'HTMLElement', 'customElements', 'indexedDB', 'IDBKeyRange'],
  },
  {
    name: 'server',
    source: 'src/server/index.ts',
    server: true,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'database/memory',
    source: 'src/adapters/database/memory.ts',
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'database/pglite',
    source: 'src/adapters/database/node-pglite.ts',
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'database/postgres',
    source: 'src/adapters/database/postgres.ts',
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'consent/shopify',
    source: 'src/adapters/consent/shopify.ts',
    budget: 1_500,
    foreign: [schemas, 'HTMLElement', ...storage],
  },
  {
    name: 'consent/cmp',
    source: 'src/adapters/consent/cmp.ts',
    budget: 1_500,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'transport/loopback',
    source: 'src/server/loopback.ts',
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'transport/handlers',
    source: 'src/adapters/transport/handlers.ts',
    budget: 2_000,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'transport/orders',
    source: 'src/adapters/transport/orders.ts',
    budget: 2_000,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'transport/http',
    source: 'src/adapters/transport/http.ts',
    budget: 2_000,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'transport/supabase',
    source: 'src/adapters/transport/supabase.ts',
    budget: 2_000,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'transport/supabase-sql',
    source: 'src/adapters/transport/supabase-sql.ts',
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'transport/couchdb',
    source: 'src/adapters/transport/couchdb.ts',
    budget: 2_000,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'transport/couchdb-design',
    source: 'src/adapters/transport/couchdb-design.ts',
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'proof/jws',
    source: 'src/adapters/proof/jws.ts',
    budget: 2_000,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'scan',
    source: 'src/identity/read-card-text.ts',
    budget: 3_000,
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'phone/world',
    source: 'src/adapters/phone/world.ts',
    budget: 1_000, // the library is fetched on demand
    foreign: [schemas, ...page, ...storage],
  },
  // formats: text, money, time, people and the assembly of orders are 1.9 to 2.9 kB of them, so none is at the 1.5 that were planned
  {
    name: 'formats/ga4',
    source: 'src/formats/ga4.ts',
    budget: 3_500, // four shapes of events, amounts in any notation, refunds worked into their orders
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/segment',
    source: 'src/formats/segment.ts',
    budget: 3_950, // orders in four kinds of events, phone numbers, refunds worked into their orders
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/schema-org',
    source: 'src/formats/schema-org.ts',
    budget: 3_800, // JSON-LD in pages, references in a graph, dates in a zone
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/schema-org-catalog',
    source: 'src/formats/schema-org-catalog.ts',
    budget: 2_700, // JSON-LD in pages, offers, variants and menus
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/merchant',
    source: 'src/formats/merchant.ts',
    budget: 31_200, // 28.6 of it are the XML and CSV libraries
    // not `document`: a message of the XML library speaks of one
    foreign: [schemas, 'HTMLElement', 'customElements', ...storage],
  },
  {
    name: 'formats/data-layer',
    source: 'src/adapters/page/data-layer.ts',
    budget: 5_900, // Google and Segment, listened to and read
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/shopify',
    source: 'src/formats/shopify.ts',
    budget: 13_400, // 7.2 of it are the CSV library; REST, three GraphQL APIs and three kinds of CSV files
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/shopify-catalog',
    source: 'src/formats/shopify-catalog.ts',
    budget: 10_700, // 7.2 of it are the CSV library; two APIs and three kinds of CSV files
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/stripe',
    source: 'src/formats/stripe.ts',
    budget: 3_700, // sessions, intents, charges and refunds, two of one payment told apart
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/bigcommerce',
    source: 'src/formats/bigcommerce.ts',
    budget: 3_800, // bundles and pick lists, prices in labels, phone numbers
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/woocommerce',
    source: 'src/formats/woocommerce.ts',
    budget: 12_500, // 7.2 of it are the CSV library; add-ons, bundles, refunds, dates in a zone
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/woocommerce-catalog',
    source: 'src/formats/woocommerce-catalog.ts',
    budget: 10_600, // 7.2 of it are the CSV library; REST, Store API and CSV
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/magento',
    source: 'src/formats/magento.ts',
    budget: 3_800, // REST and GraphQL, configurable products and bundles
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/square',
    source: 'src/formats/square.ts',
    budget: 4_000, // orders, exchanges, members and their visits
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/square-catalog',
    source: 'src/formats/square-catalog.ts',
    budget: 2_400, // modifier lists with overrides by item and location
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/toast',
    source: 'src/formats/toast.ts',
    budget: 3_900, // checks, modifiers at any depth with prefixes, members
    foreign: [schemas, ...page, ...storage],
  },
  {
    name: 'formats/deliverect',
    source: 'src/formats/deliverect.ts',
    budget: 3_550, // baskets and orders of three APIs, modifiers at any depth
    foreign: [schemas, ...page, ...storage],
  },
  ...languages.map((tag) => ({
    name: `locales/${tag}`,
    source: `src/greeting/locales/${tag.toLowerCase()}.ts`,
    budget: 1_510,
    foreign: [schemas, 'Intl', ...page, ...storage],
  })),
  { name: 'testing', source: 'src/testing/index.ts', foreign: ['customElements'] },
];

/** The one build that is no module: for a plain `<script>`. It cannot split, so the schemas are in it. */
export const globalBuild = {
  name: 'regulars.global.js',
  source: 'src/global.ts',
  file: 'dist/regulars.global.js',
  // what first load, speech, recommend, storage with encryption, element, what writes and the schemas come to in one file
  budget: 117_500,
};

/** The schemas, fetched at the first byte that this page did not write itself. */
export const schemaBudget = 9_000;

/** What speaks to somebody, every rule and word of English and the usual: fetched once somebody is known, beside the opening of the storage. */
export const speechBudget = 11_700;

/** What recommending fetches after `start`: what reads and keeps a model; what reads a ranker and ranks by it. */
export const recommendBudgets = { model: 3_000, ranker: 3_000 };

/** `.` → `index`, others as they are: the name of an entry's file below dist, without its ending. */
export const outputName = (/** @type {string} */ name) => (name === '.' ? 'index' : name);
