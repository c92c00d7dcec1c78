// What the pages of the bench can do; run.mjs calls it by name.
import { openBare } from '../peers/bare-idb.js';

export {
  markedCustomer,
  measureCold,
  measureFind,
  measureRecognize,
  measureRecord,
} from './measure.js';
export { makeCustomer, seedCustomers, verifySeeded } from './seed.js';
export { traceCold, traceRecord } from './trace.js';

/** Holds the browser's store of this origin open, as a visit does that goes on from page to page. */
export async function holdOpen(): Promise<void> {
  await openBare('hold');
}
