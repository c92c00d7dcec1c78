export { readCard } from './log.js';
