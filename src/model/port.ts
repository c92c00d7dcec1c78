/** A connection to a database in which is trained. One connection: what it begins it also commits. */
export interface TrainingDatabase {
  /** Runs a statement. Rejects when it fails. */
  readonly run: (sql: string) => Promise<void>;
  /** The rows of a query, each the values of its columns; whole numbers may come as text or as bigint. */
  readonly rows: (sql: string) => AsyncIterable<readonly unknown[]>;
}
