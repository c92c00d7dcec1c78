/** Who wants to hear of changes; what they hear of is listened to while there is anybody. */
export interface Listeners {
  readonly all: () => void;
  readonly add: (changed: () => void, begin: () => () => void) => () => void;
}

/** Makes a list of listeners. */
export function listenersOf(): Listeners {
  const listeners = new Set<{ readonly changed: () => void }>();
  let end: (() => void) | undefined;
  return {
    all: () => [...listeners].forEach(({ changed }) => changed()),
    add: (changed, begin) => {
      const one = { changed };
      if (listeners.size === 0) end = begin();
      listeners.add(one);
      return () => {
        if (listeners.delete(one) && listeners.size === 0) end?.();
      };
    },
  };
}

/** Listens to events; returns the way to stop. On a server nothing happens. */
export function listenOn(
  target: EventTarget | undefined,
  events: readonly string[],
  act: () => void,
): () => void {
  for (const event of events) target?.addEventListener(event, act);
  return () => {
    for (const event of events) target?.removeEventListener(event, act);
  };
}
