import { createFrom } from '../create-messages.js';
import type { Messages } from '../messages.js';
import { rare } from './en-rare-words.js';
import { reasons } from './en-reasons-words.js';
import { english } from './en-spoken.js';
import { spoken } from './en-spoken-words.js';

/** English: everything. A draft: two native readers have yet to sign it. */
export const en: Messages = createFrom(
  { ...english, review: 'draft' },
  { ...spoken, ...rare, ...reasons },
);
