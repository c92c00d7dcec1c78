export const ascending = (one: number, other: number): number => one - other;

export const sumOf = (days: readonly number[]): number => days.reduce((sum, one) => sum + one, 0);

/** A number from 0 that can be calculated with: of NaN and of what is negative, 0. */
export const amount = (value: number): number => (value > 0 ? Math.min(value, 1e9) : 0);
