import type { Notice, StorageStatus } from './types.js';

/** What each notice says to the developer. Loaded when the first one is told: no customer waits for it. */
const noticeTexts: { readonly [code in Notice['code']]: string } = {
  'catalog-failed':
    'The catalog could not be read; names and prices of today are missing. onError has the cause.',
  'clock-wrong':
    "The clock of this device differs from the backend's by more than five minutes; records are ordered by the backend's time.",
  'identifier-converted': 'An identifier was given as a number; give it as text.',
  'model-failed':
    'The catalog model could not be used; suggestions go on without it. onError has the cause.',
  'storage-corrupt':
    'Something stored was damaged; a card was computed anew from its records, the row of the device was made anew.',
  'storage-disagreed':
    'Two copies of the id of this device differed; the one that was written later stands, and the other was overwritten.',
  'storage-evicted':
    'The browser had emptied the storage: what was kept on this device is gone. A sign-in may bring it back.',
  'storage-full':
    'There was no room left: old records were dropped (snapshot.storage.dropped has the counts), or nothing could be written.',
  'storage-locked':
    'What is stored here is encrypted, and the key is missing or another: nothing was read or changed, and this page remembers in memory.',
  'storage-lost':
    'The database was closed under this page; it is opened again when needed, else the page goes on in memory (see snapshot.storage).',
  'storage-memory':
    'The storage could not be used; this page remembers in memory (see snapshot.storage for the reason, onError for the cause).',
  'storage-newer':
    'A newer release wrote this storage: it is only read by this page. Reload the page to get that release.',
  'sync-refused':
    'The backend refused a record for good: it was set aside, and the others go on (see sync.refused()).',
};

/** The notice of a code, or of the reason why the storage went to memory. */
export function noticeOf(what: Notice['code'] | NonNullable<StorageStatus['reason']>): Notice {
  const code = what in noticeTexts ? (what as Notice['code']) : codeOf(what);
  return { code, message: noticeTexts[code] };
}

function codeOf(reason: string): Notice['code'] {
  if (reason === 'newer' || reason === 'locked') return `storage-${reason}`;
  return reason === 'lost' || reason === 'superseded' ? 'storage-lost' : 'storage-memory';
}
