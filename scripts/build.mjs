// Builds dist: node scripts/build.mjs [--if-stale] [--examples]
import { build, buildExamples, main } from './prepare.mjs';

const args = process.argv.slice(2);
await main(async () => {
  const always = !args.includes('--if-stale');
  await build({ always });
  if (args.includes('--examples')) await buildExamples({ always });
});
