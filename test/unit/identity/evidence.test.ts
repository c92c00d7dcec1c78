import { expect, it } from 'vitest';
import { expireProof, levelAtLeast } from '../../../src/identity/evidence.js';

it('levels are ordered: none, device, claimed, verified', () => {
  expect(levelAtLeast('verified', 'claimed')).toBe(true);
  expect(levelAtLeast('claimed', 'claimed')).toBe(true);
  expect(levelAtLeast('device', 'claimed')).toBe(false);
  expect(levelAtLeast('none', 'device')).toBe(false);
});

it('a proof holds until its time, and then the level falls to what is left', () => {
  const device = { level: 'device', method: 'marker' } as const;
  const host = { level: 'verified', method: 'host', expiresAtElapsed: 1000 } as const;
  expect(expireProof([device, host], 999)).toEqual({
    level: 'verified',
    proofs: [device, host],
    nextAtElapsed: 1000,
  });
  expect(expireProof([host, device], 1000)).toEqual({ level: 'device', proofs: [device] });
  expect(expireProof([], 0)).toEqual({ level: 'none', proofs: [] });
});

it('the next to expire is the soonest', () => {
  const at = (expiresAtElapsed: number) =>
    ({ level: 'claimed', method: 'typed', expiresAtElapsed }) as const;
  expect(expireProof([at(500), at(200), at(100)], 100).nextAtElapsed).toBe(200);
});
