export type { AnyRecord } from './log-rows.js';
export { exportStorage, type ExportOptions, type ExportProgress } from './export-log.js';
export { importRecords, type ImportEnv } from './import-log.js';
export {
  importStorage,
  type ImportStorageOptions,
  type SetAside,
  type StorageImported,
} from './import-storage.js';
export type { ImportOptions, ImportProgress } from './in-chunks.js';
export { inspectExport, type ExportInspection } from './inspect-export.js';
export {
  inspectCustomer,
  inspectStorage,
  type InspectedCustomer,
  type InspectedRow,
  type Inspection,
  type InspectOptions,
  type StoreSize,
  type Unreadable,
} from './inspect-log.js';
export type { TextSource } from './read-lines.js';
