/** A row, by the names of its columns. */
export interface SqlRow {
  readonly [column: string]: unknown;
}

/** Runs one statement: `$1`, `$2` … stand for the parameters. */
export type SqlQuery = (text: string, params: readonly unknown[]) => Promise<readonly SqlRow[]>;

/** What the statements need of an engine that speaks PostgreSQL's language. */
export interface SqlClient {
  /** By itself, committed when it resolves. */
  readonly query: SqlQuery;
  /** All or nothing: commits when the body resolves, takes everything back when it rejects. */
  readonly transaction: <T>(body: (query: SqlQuery) => Promise<T>) => Promise<T>;
  /** Lets go of what the adapter itself has opened. */
  readonly close: () => Promise<void>;
}
