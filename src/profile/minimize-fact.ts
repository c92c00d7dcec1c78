import type { FactData } from './types.js';

/** Under this age nobody is suggested to or measured (product rule P18). */
const ADULT_YEARS = 16;

/** A fact as it may be kept, and whether it says that its customer is a child. */
export interface MinimizedFact {
  /** Absent for what is not kept at all: a child's age. */
  readonly fact: FactData | undefined;
  readonly isChild: boolean;
}

/**
 * Cuts a fact to what a shop needs of it: a birthday has a month and a day (`03-21`), no year; the age of a child is not kept, only
 * what follows from it. Pure.
 */
export function minimizeFact(fact: FactData): MinimizedFact {
  const { key, value, at } = fact;
  if (key === 'age') {
    const years = typeof value === 'string' ? Number.parseFloat(value) : value;
    const isChild = typeof years === 'number' && years < ADULT_YEARS;
    return { fact: isChild ? undefined : fact, isChild };
  }
  if (!/^birth-?(day|date)$|^date-of-birth$/.test(key) || value === null)
    return { fact, isChild: false };
  const born = readBirthday(value);
  if (born === undefined) return { fact: undefined, isChild: false };
  const isChild = born.year !== undefined && yearsSince(born.year, born.day, at) < ADULT_YEARS;
  return { fact: { ...fact, value: born.day }, isChild };
}

function readBirthday(
  value: unknown,
): { readonly day: string; readonly year?: number } | undefined {
  const [, year, month = '', day = ''] =
    /^(?:(\d{4})-|--?)?(\d\d)-?(\d\d)(?:T|$)/.exec(String(value).trim()) ?? [];
  if (!(Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31))
    return undefined;
  return { day: `${month}-${day}`, ...(year !== undefined && { year: Number(year) }) };
}

/** Whole years at `at`, as the calendar of Greenwich has it. */
function yearsSince(year: number, day: string, at: number): number {
  const now = new Date(at);
  const [month = 0, date = 0] = day.split('-').map(Number);
  const had = (now.getUTCMonth() + 1 - month || now.getUTCDate() - date) >= 0;
  return now.getUTCFullYear() - year - Number(!had);
}
