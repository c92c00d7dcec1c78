// The floors: who may import whom. docs/architecture.md has the picture, test/package/floors.test.ts the violations.
const GROUND = 'identity|profile|rhythm'; // 1a
const UPPER = 'greeting|recommend|trust|sync|formats|model'; // 1b
const CAPABILITY = `${GROUND}|${UPPER}`;
const COMPOSITION = 'client|server'; // 3
const FACE = 'elements|react|vue|svelte|cli'; // 4

/** Files of a capability that hold data and interfaces only: they cost nobody a byte. */
const TYPES = [`^src/(${CAPABILITY})/types\\.ts$`, '^src/greeting/messages\\.ts$'];

const rule = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: typeof from === 'string' ? { path: from } : from,
  to,
});
/** From these files, nothing of src but what is listed. */
const only = (name, comment, from, allowed) =>
  rule(name, comment, from, { path: '^src/', pathNot: allowed });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    rule(
      'every-folder-has-a-floor',
      'A new folder is added to these rules in the same change.',
      {
        path: '^src/',
        pathNot: [
          '^src/(index|global)\\.ts$',
          `^src/(kernel|${CAPABILITY}|${COMPOSITION}|${FACE}|testing)/`,
          '^src/adapters/(storage|transport|database|consent|proof|phone|page)/',
        ],
      },
      {},
    ),
    rule(
      'no-cycle',
      'A cycle hides which part is on top. Type imports count.',
      {},
      {
        circular: true,
      },
    ),
    rule(
      'no-barrel-inside',
      'index.ts files are for users; inside, import the file that defines the thing.',
      { path: '^src/', pathNot: '^src/global\\.ts$' },
      { path: '^src/.+/index\\.ts$|^src/index\\.ts$' },
    ),
    rule('global-is-the-end', 'global.ts is a build, not a part.', '^src/', {
      path: '^src/global\\.ts$',
    }),

    // Floor 0
    only(
      'kernel-is-the-ground',
      'kernel knows nothing of customers and imports only itself.',
      '^src/kernel/',
      ['^src/kernel/'],
    ),
    // Floor 1a
    only(
      'ground-capabilities-stand-alone',
      'identity, profile and rhythm see kernel, themselves and the types of other capabilities.',
      `^src/(${GROUND})/`,
      ['^src/kernel/', '^src/$1/', ...TYPES],
    ),
    // Floor 1b
    only(
      'upper-capabilities-see-the-ground',
      'They may use pure functions of 1a (not its ports or schemas); of each other they see types only; model may train what recommend reads.',
      { path: `^src/(${UPPER})/` },
      ['^src/kernel/', '^src/$1/', `^src/(${GROUND})/`, ...TYPES, '^src/recommend/'],
    ),
    rule(
      'only-model-uses-recommend',
      'Of recommend, the other capabilities see types only.',
      { path: `^src/(${UPPER})/`, pathNot: '^src/(model|recommend)/' },
      { path: '^src/recommend/', pathNot: ['types\\.ts$'] },
    ),
    rule(
      'ports-and-schemas-stay-home',
      'What another capability stores and how it is checked is its own affair; a port may be made of ports.',
      { path: `^src/(${CAPABILITY})/`, pathNot: '/port\\.ts$' },
      { path: `^src/(${CAPABILITY})/(port|schema)\\.ts$`, pathNot: '^src/$1/' },
    ),
    // Floor 2
    only(
      'the-page-is-read-by-formats',
      'What is on a page already is read there by the parsers that read files of it.',
      '^src/adapters/page/',
      ['^src/adapters/page/', '^src/kernel/', '^src/formats/', ...TYPES],
    ),
    only(
      'adapters-see-ports',
      'An adapter knows the port it fills, the types and schemas that cross it, and kernel.',
      { path: '^src/adapters/([^/]+)/', pathNot: '^src/adapters/page/' },
      [
        '^src/adapters/$1/',
        '^src/kernel/',
        `^src/(${CAPABILITY}|server)/(port|types|schema)\\.ts$`,
        ...TYPES,
      ],
    ),
    // Floor 3
    only(
      'client-composes',
      'Capabilities and the adapters used by default meet here.',
      '^src/client/',
      ['^src/client/', '^src/kernel/', `^src/(${CAPABILITY})/`, '^src/adapters/'],
    ),
    only('server-has-no-browser', 'server runs on any Request/Response runtime.', '^src/server/', [
      '^src/server/',
      '^src/kernel/',
      `^src/(${CAPABILITY})/`,
      '^src/adapters/(database|transport|proof)/',
    ]),
    // Floor 4
    only(
      'faces-hold-no-decisions',
      'Elements and bindings use the client; they see kernel and types, nothing else.',
      { path: '^src/(elements|react|vue|svelte)/' },
      ['^src/$1/', '^src/client/', '^src/kernel/', ...TYPES],
    ),
    rule(
      'nothing-looks-up',
      'Arrows point down: only the entry lists import elements, bindings or the command line.',
      { path: '^src/', pathNot: [`^src/(${FACE})/`, '^src/global\\.ts$'] },
      { path: `^src/(${FACE})/` },
    ),
    // Aside
    only(
      'testing-sees-ports',
      'Contracts for adapter authors; the ready-made client for app authors is the one exception.',
      '^src/testing/',
      [
        '^src/testing/',
        '^src/kernel/',
        '^src/client/',
        '^src/adapters/storage/memory\\.ts$',
        `^src/(${CAPABILITY}|server)/(port|types)\\.ts$`,
        ...TYPES,
      ],
    ),
    rule(
      'testing-is-a-leaf',
      'Nothing imports it.',
      { path: '^src/', pathNot: '^src/testing/' },
      { path: '^src/testing/' },
    ),

    // Third parties
    rule(
      'zod-in-schema-files',
      'Validation lives at the doors.',
      { path: '^src/', pathNot: ['/schema\\.ts$'] },
      { path: 'node_modules/zod/' },
    ),
    rule('zod-mini-only', 'The full zod is five times as big.', '^src/', {
      path: 'node_modules/zod/',
      pathNot: 'node_modules/zod/(v4/)?mini/',
    }),
    rule(
      'idb-in-one-file',
      'One adapter, one library.',
      { path: '^src/', pathNot: '^src/adapters/storage/indexed-db' },
      { path: 'node_modules/idb/' },
    ),
    rule(
      'jose-in-one-file',
      'One adapter, one library; the command signs and reads tokens with it.',
      { path: '^src/', pathNot: '^src/(adapters/proof/jws|cli/serve-authorize)\\.ts$' },
      { path: 'node_modules/jose/' },
    ),
    rule(
      'papaparse-in-one-file',
      'One reader of CSV, one library; the command line streams with it.',
      { path: '^src/', pathNot: ['^src/formats/csv\\.ts$', '^src/cli/'] },
      { path: 'node_modules/(@types/)?papaparse/' },
    ),
    rule(
      'statistics-in-model',
      'Pages do not fit.',
      { path: '^src/', pathNot: '^src/(model|trust)/' },
      { path: 'node_modules/simple-statistics/' },
    ),
    rule(
      'ml-matrix-in-model',
      'Pages invert nothing.',
      { path: '^src/', pathNot: '^src/model/count-together' },
      { path: 'node_modules/ml-matrix/' },
    ),
    rule(
      'duckdb-in-one-file',
      'One adapter, one library.',
      { path: '^src/', pathNot: '^src/adapters/database/node-duckdb' },
      { path: 'node_modules/@duckdb/' },
    ),
    rule(
      'fast-xml-parser-in-one-file',
      'One feed is XML.',
      { path: '^src/', pathNot: '^src/formats/merchant' },
      { path: 'node_modules/fast-xml-parser/' },
    ),
    rule(
      'frameworks-in-their-binding',
      'react in react/, and so on.',
      { path: '^src/', pathNot: '^src/react/' },
      { path: 'node_modules/(@types/)?react(-dom)?/' },
    ),
    rule(
      'tables-and-bars-in-the-command-line',
      'They are for terminals.',
      { path: '^src/', pathNot: '^src/cli/' },
      { path: 'node_modules/(@types/)?cli-(progress|table3)/' },
    ),
    rule(
      'no-node-core',
      'Pages have no Node modules.',
      { path: '^src/', pathNot: ['^src/cli/', '^src/adapters/[^/]+/node-'] },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'no-development-dependency',
      'What is imported is installed with the package, or on the lists of the build.',
      { path: '^src/' },
      {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm-peer'],
        pathNot:
          'node_modules/(@hono/node-server|cli-(progress|table3)|(@types/)?papaparse|fast-xml-parser|ml-matrix|simple-statistics|stream-json)/',
      },
    ),
    rule('resolvable', 'A path that leads nowhere.', '^src/', { couldNotResolve: true }),
    rule(
      'no-orphan',
      'A file that nobody imports and that is no entry is dead.',
      {
        orphan: true,
        path: '^src/',
        // entries that are text for somebody else's database import nothing
        pathNot: [
          '/(types|port)\\.ts$',
          '^src/adapters/transport/(couchdb-design|supabase-sql)\\.ts$',
        ],
      },
      {},
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
};
