import { announce } from '../shared/dom.js';

/** Spoken once each; a voice that counts every second cannot be listened to. */
const SPOKEN: readonly (readonly [seconds: number, text: string])[] = [
  [60, 'One minute left.'],
  [10, 'Ten seconds left.'],
];

/** Counts down to a wall time where it can be seen, and says it now and then. Returns the way to stop. */
export function countDown(until: number, shown: Iterable<Element>): () => void {
  const places = [...shown];
  let before = Infinity;
  const tick = (): void => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    const text = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    for (const place of places) place.textContent = text;
    for (const [seconds, words] of SPOKEN) if (before > seconds && left <= seconds) announce(words);
    before = left;
  };
  tick();
  const timer = window.setInterval(tick, 500);
  return () => {
    window.clearInterval(timer);
    for (const place of places) place.textContent = '';
  };
}
