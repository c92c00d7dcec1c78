import { describe, expect, it } from 'vitest';
import { at, line, signedIn } from './guest.js';
import { greetingOf } from './words.js';

const seasons = (
  ...days: readonly string[]
): { id: string; at: number; lines: ReturnType<typeof line>[] }[] =>
  days.map((day) => ({ id: `web:${day}`, at: at(`${day} 12:00`), lines: [line('Star')] }));

describe('G11 not lapsed, only seasonal', () => {
  it.each([
    ['the same day of each December', ['2022-12-03', '2023-12-03', '2024-12-03', '2025-12-03']],
    ['now sooner, now later', ['2022-12-20', '2023-12-05', '2024-12-12', '2025-12-01']],
    ['three years only', ['2023-12-10', '2024-12-10', '2025-12-02']],
  ])('is welcomed back: %s', async (_, days) => {
    for (const prior of ['shop', 'grocery', 'cafe'] as const) {
      const page = await signedIn(at('2026-12-03 12:00'), seasons(...days), { prior }, 'Ines');
      expect(greetingOf(page)).toMatchObject({ kind: 'returning' });
      expect(greetingOf(page).text).toMatch(/\bback\b.*Ines/i);
    }
  });
});
