import { inOrder, type HistorySummary } from './summarize-history.js';
import type { RecommendHistory, Recommender, RecommendVisit } from './types.js';

/** What a history holds; the summary is of one engine. */
interface HistoryState {
  /** In the order they came in. */
  readonly visits: RecommendVisit[];
  by?: unknown;
  summary?: HistorySummary;
  /** The newest of those that the summary counts. */
  newest?: RecommendVisit | undefined;
}

// Any engine can be asked with any history, also one that an engine with an older catalog made.
const states = new WeakMap<RecommendHistory, HistoryState>();

/** The histories of one engine, and of any other that it is asked about. */
export function createHistories(make: () => HistorySummary): Pick<Recommender, 'history'> & {
  readonly summaryOf: (history: RecommendHistory) => HistorySummary;
} {
  return {
    history: (visits) => {
      const state: HistoryState = { visits: [...visits] };
      const add = (visit: RecommendVisit): void => {
        const { newest, summary } = state;
        state.visits.push(visit);
        if (summary === undefined) return;
        // What came before others that are counted already, or without a time among those with one, is counted anew.
        if (newest !== undefined && laterThan(newest, visit) <= 0) delete state.summary;
        else summary.add(visit);
        state.newest = visit;
      };
      const history: RecommendHistory = { add };
      states.set(history, state);
      return history;
    },
    summaryOf: (history) => {
      const state = states.get(history) ?? { visits: [] };
      if (state.by === make && state.summary) return state.summary;
      const summary = make();
      const ordered = inOrder(state.visits);
      ordered.forEach(summary.add);
      state.newest = ordered.at(-1);
      state.by = make;
      return (state.summary = summary);
    },
  };
}

/** How much later the second visit was, ms; NaN where none has a time, and nothing where only one has. */
function laterThan({ at: a = NaN }: RecommendVisit, { at: b = NaN }: RecommendVisit): number {
  return Number.isFinite(a) === Number.isFinite(b) ? b - a : 0;
}
