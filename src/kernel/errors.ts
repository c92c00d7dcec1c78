/** Every code a {@link RegularsError} can carry. Each has an entry in the errors guide. */
export type RegularsErrorCode =
  | 'ERR_BACKEND_FAILED'
  | 'ERR_DATABASE_FAILED'
  | 'ERR_IMPORT_INVALID'
  | 'ERR_MODEL_INVALID'
  | 'ERR_MONEY_INVALID'
  | 'ERR_OPTIONS_INVALID'
  | 'ERR_PROOF_NEEDED'
  | 'ERR_PURCHASE_INVALID'
  | 'ERR_STORAGE_BLOCKED'
  | 'ERR_STORAGE_CLOSED'
  | 'ERR_STORAGE_FAILED'
  | 'ERR_STORAGE_LOCKED'
  | 'ERR_STORAGE_NEWER'
  | 'ERR_STORAGE_QUOTA'
  | 'ERR_STORAGE_SUPERSEDED'
  | 'ERR_STORAGE_TIMEOUT'
  | 'ERR_STORAGE_UNAVAILABLE';

const BRAND = 'RegularsError';

/**
 * The one error class of the package. Branch on `code`, never on the message: messages may be reworded in any release.
 * Not knowing something is never an error; outcomes that a page should expect are values with a `kind`.
 */
export class RegularsError extends Error {
  override readonly name: 'RegularsError' = BRAND;
  /** What happened, from a closed list. */
  readonly code: RegularsErrorCode;
  /** True when the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;

  constructor(
    code: RegularsErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly retryable?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** True for a {@link RegularsError}, also for one of a second copy of the package on the page (where `instanceof` fails). */
export function isRegularsError(value: unknown): value is RegularsError {
  return value instanceof Error && value.name === BRAND && 'code' in value;
}
