/** Paid purchases so close, at one place, are one visit: 4 h (product rule D1). */
export const VISIT_MS: number = 4 * 3_600_000;

/** A dismissed "not now" rests so long, as does an item shown three times without a click (product rule D8). */
export const REST_MS: number = 30 * 86_400_000;
