import { RELEASED_MS } from '../kernel/clock.js';
import { withFormat } from '../profile/migrations.js';
import { restampWaiting } from '../profile/restamp.js';
import type { Core } from './core.js';
import { takeUp } from './take-up.js';

/** Less is what two good clocks may differ by. */
export const TOLERANCE_MS: number = 5 * 60_000;

/** The backend's time, as far as it is known here. */
export interface ClockHere {
  readonly isKnown: () => boolean;
  /** Learns it: from then on records are stamped by it, and what waits and is ahead of it is stamped anew. */
  readonly meet: (serverTime: number) => Promise<void>;
}

/** Makes it. */
export function createClockHere(core: Core): ClockHere {
  const { vault, clock } = core;
  let isKnown = false;
  let isTold = false;
  return {
    isKnown: () => isKnown,
    meet: async (now) => {
      if (!(now > RELEASED_MS && now < Number.MAX_SAFE_INTEGER)) return;
      isKnown = true;
      const aheadMs = clock.now() - now;
      const isWrong = Math.abs(aheadMs) > TOLERANCE_MS;
      vault.setAhead(isWrong ? aheadMs : 0);
      if (isWrong && !isTold) core.notice('clock-wrong');
      isTold = isWrong;
      if (core.mode === 'kiosk') return;
      const { device } = vault.env();
      const env = { device, now, aheadMs: Math.max(0, aheadMs), toleranceMs: TOLERANCE_MS };
      const cards = await withFormat((format) =>
        vault.run('readwrite', (tx) => restampWaiting(tx, { ...env, format })),
      );
      if (!cards) return;
      takeUp(core, cards, false);
      core.state.tabs?.tell('changed');
    },
  };
}
