/** Paid purchases so close, at one place, are one visit: 4 h (product rule D1). */
export const VISIT_MS: number = 4 * 3_600_000;
