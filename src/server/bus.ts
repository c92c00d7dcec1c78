/**
 * Tells the processes of one server that there is something new for somebody. What is told is a hint and never data: one that is
 * lost, comes twice, or late, does no harm, since whoever listens asks the database, and asks it now and then anyway.
 */
export interface Bus {
  /**
   * Tells all who listen, in this process and in others. `topic` is one opaque line of text, 4 kB at most, without anything personal.
   * What it rejects with is reported and goes no further.
   */
  readonly publish: (topic: string) => void | Promise<void>;
  /** Hears whatever is told from now on; the function returned stops it. */
  readonly subscribe: (hear: (topic: string) => void) => () => void;
}

/** A bus within this process: all there is to do where only one runs. */
export function memoryBus(): Bus {
  const listeners = new Set<(topic: string) => void>();
  return {
    publish: (topic) => {
      for (const hear of [...listeners]) hear(topic);
    },
    subscribe: (hear) => {
      // its own function: the same one twice listens twice
      const listener = (topic: string): void => hear(topic);
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
