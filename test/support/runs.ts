/** How many inputs a law is tried with: `count`, or ten times as many in `npm run nightly`. */
export function runs(count = 100): number {
  return process.env['NIGHTLY'] === undefined ? count : count * 10;
}
