/** How many inputs a law is tried with: `count`, or in `npm run nightly` ten times as many, unless that has a number of its own. */
export function runs(count = 100, nightly: number = count * 10): number {
  return process.env['NIGHTLY'] === undefined ? count : nightly;
}
