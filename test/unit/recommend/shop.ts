import { trainModel } from '../../../src/model/train-model.js';
import type { CatalogModel, RecommendVisit } from '../../../src/recommend/types.js';

export const DAY = 86_400_000;
export const NOW = Date.UTC(2026, 2, 10, 9);

/** A visit so many days ago. */
export const visit = (daysAgo: number, ...items: string[]): RecommendVisit => ({
  at: NOW - daysAgo * DAY,
  items,
});

/** A café's customers: scone goes with tea, honey comes the visit after tea, everybody drinks coffee. */
export const cafeCustomers = Array.from({ length: 12 }, (_, n) => ({
  visits: [
    visit(30, 'coffee', ...(n % 2 === 0 ? ['tea', 'scone'] : [])),
    visit(20, 'coffee', ...(n % 2 === 0 ? ['honey'] : ['toast'])),
    visit(10, ...(n % 3 === 0 ? ['coffee', 'jam'] : ['coffee'])),
  ],
}));

export const cafeModel = (): Promise<CatalogModel> => trainModel(cafeCustomers);
