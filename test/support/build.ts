import { build } from '../../scripts/prepare.mjs';

/** These tests look at dist: it is built first where the sources have changed. */
export default async function setup(): Promise<void> {
  await build();
}
