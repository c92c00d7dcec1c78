import type { Core } from './core.js';

/** Counts what was really on screen, or taken. */
export function countExposure(
  core: Core,
  refs: readonly string[],
  what: 'shown' | 'accepted',
): void {
  const { visit } = core.state;
  for (const ref of refs) {
    const target = core.state.targets.get(ref);
    if (!visit || !target) continue;
    for (const key of [target.sku, target.arm]) {
      if (key === undefined) continue;
      const counts = visit.exposures.get(key) ?? { shown: 0, accepted: 0 };
      counts[what]++;
      visit.exposures.set(key, counts);
    }
    visit.exposuresChanged = true;
  }
}
