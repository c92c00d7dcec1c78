import { build, buildExamples } from '../../scripts/prepare.mjs';

/** These tests open the example pages: library and pages are built first where their sources have changed. */
export default async function setup(): Promise<void> {
  await build();
  await buildExamples();
}
