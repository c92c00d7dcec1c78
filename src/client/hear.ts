type Hearing = readonly [
  target: EventTarget | undefined,
  type: string,
  act: (event: Event) => void,
];

/** A touch, a key, the wheel; a scanner types, or fills a field by itself. */
export function hearTouches(touch: () => void): () => void {
  const page = typeof document === 'undefined' ? undefined : document;
  return hearAll(
    ['pointerdown', 'keydown', 'wheel', 'input'].map((act) => [page, act, touch]),
    { capture: true, passive: true },
  );
}

/** Listens; returns the way to stop. */
export function hearAll(
  all: readonly Hearing[],
  options: AddEventListenerOptions = {},
): () => void {
  for (const [target, type, act] of all) target?.addEventListener(type, act, options);
  return () => {
    for (const [target, type, act] of all) target?.removeEventListener(type, act, options);
  };
}
