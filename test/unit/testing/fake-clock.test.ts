import { describe, expect, it } from 'vitest';
import { createFakeClock, seededRandom } from '../../../src/testing/fake-clock.js';

describe('the fake clock', () => {
  it('stands still until it is advanced, and then moves wall time and elapsed time alike', () => {
    const clock = createFakeClock(1000);
    expect([clock.now(), clock.elapsed()]).toEqual([1000, 0]);
    clock.advance(250);
    expect([clock.now(), clock.elapsed()]).toEqual([1250, 250]);
  });

  it('runs due timers in the order of their times, those of one time in the order they were set', () => {
    const clock = createFakeClock(0);
    const ran: string[] = [];
    const note = (what: string) => () => ran.push(`${what} at ${clock.now()}`);
    clock.after(20, note('b'));
    clock.after(10, note('a'));
    clock.after(20, note('c'));
    clock.after(31, note('not yet'));
    clock.advance(30);
    expect(ran).toEqual(['a at 10', 'b at 20', 'c at 20']);
  });

  it('runs timers that a timer sets, if they fall due on the way', () => {
    const clock = createFakeClock(0);
    const ran: number[] = [];
    const tick = (): void => {
      ran.push(clock.elapsed());
      clock.after(10, tick);
    };
    clock.after(10, tick);
    clock.advance(35);
    expect(ran).toEqual([10, 20, 30]);
    expect(clock.elapsed()).toBe(35);
  });

  it('never runs a cancelled timer', () => {
    const clock = createFakeClock(0);
    let ran = 0;
    const cancel = clock.after(10, () => ran++);
    cancel();
    cancel();
    clock.advance(100);
    expect(ran).toBe(0);
  });

  it('lets the wall time jump, also back, without touching elapsed time or timers', () => {
    const clock = createFakeClock(1_000_000);
    let ran = 0;
    clock.after(10, () => ran++);
    clock.setWall(5000);
    expect([clock.now(), clock.elapsed(), ran]).toEqual([5000, 0, 0]);
    clock.advance(10);
    expect([clock.now(), clock.elapsed(), ran]).toEqual([5010, 10, 1]);
  });
});

describe('seeded randomness', () => {
  it('is the same for the same seed and another for another', () => {
    const [a, b, other] = [seededRandom(7), seededRandom(7), seededRandom(8)];
    const drawn = a(32);
    expect(b(32)).toEqual(drawn);
    expect(other(32)).not.toEqual(drawn);
    expect(a(32)).not.toEqual(drawn);
  });

  it('uses all byte values about equally often', () => {
    const counts = Array.from({ length: 256 }, () => 0);
    for (const byte of seededRandom(1)(256_000)) counts[byte] = (counts[byte] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1200);
  });
});
