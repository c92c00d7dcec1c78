// As much of them as the tests use; they come without types.
declare module 'pouchdb-core' {
  interface Constructor {
    readonly plugin: (plugin: unknown) => Constructor;
    readonly defaults: (options: { readonly adapter: string }) => Constructor;
  }
  const PouchDB: Constructor;
  export default PouchDB;
}
declare module 'pouchdb-adapter-memory' {
  const plugin: unknown;
  export default plugin;
}
declare module 'express-pouchdb' {
  import type { RequestListener } from 'node:http';
  const couchApi: (pouchdb: unknown, options: object) => RequestListener;
  export default couchApi;
}
