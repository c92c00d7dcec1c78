/** Making a formatter costs a hundred times as much as using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    // Swedish writes dates as ISO does
    format = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(timeZone, format);
  }
  return format;
}

/** The instant at which clocks of a zone show what `shown` is in UTC; NaN for an unknown zone. */
export function inZone(shown: number, timeZone: string): number {
  try {
    const format = formatOf(timeZone);
    const ahead = (ms: number): number =>
      Date.parse(`${format.format(ms).replace(' ', 'T')}Z`) - Math.floor(ms / 1000) * 1000;
    // twice: the first guess may lie on the other side of a change of the clocks
    return shown - ahead(shown - ahead(shown));
  } catch {
    return NaN;
  }
}
