/** The instant at which clocks of a zone show what `shown` is in UTC; NaN for an unknown zone. */
export function inZone(shown: number, timeZone: string): number {
  try {
    const format = new Intl.DateTimeFormat('sv', {
      ...{ timeZone, dateStyle: 'short', timeStyle: 'medium' },
    });
    const clockAt = (ms: number): number => Date.parse(`${format.format(ms).replace(' ', 'T')}Z`);
    // twice: the first guess may lie on the other side of a change of the clocks
    const guess = shown - (clockAt(shown) - shown);
    return guess - (clockAt(guess) - Math.floor(shown / 1000) * 1000);
  } catch {
    return NaN;
  }
}
