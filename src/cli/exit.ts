/** What ends a command before its time: one line for the person, and the number for the shell. */
export class Exit extends Error {
  /** 1 failed, 2 called the wrong way, 130 stopped by Ctrl-C. */
  readonly code: 1 | 2 | 130;

  constructor(code: 1 | 2 | 130, message: string) {
    super(message);
    this.code = code;
  }
}

/** The command was called the wrong way. */
export function misused(message: string): Exit {
  return new Exit(2, message);
}
