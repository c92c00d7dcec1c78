import type { Engine } from '../sync/create-engine.js';
import type { Core } from './core.js';
import { hearAll } from './hear.js';
import type { Lead } from './sync-lead.js';

/** What is told of the page. */
export interface Attending {
  readonly engine: Pick<Engine, 'flush' | 'wake'>;
  readonly lead: Pick<Lead<object>, 'leads' | 'pass'>;
}

/** Listens to the page's comings and goings, and to whoever is recognized; returns the way to stop. */
export function attendPage(
  core: Core,
  { engine, lead }: Attending,
  page: Document | undefined,
): () => void {
  const view = page?.defaultView ?? undefined;
  const wake = (): void => {
    if (lead.leads()) engine.wake('visible');
  };
  const leave = (): void => {
    if (lead.leads()) engine.flush();
  };
  const turn = (): void => {
    if (page?.visibilityState !== 'hidden') return wake();
    leave();
    lead.pass();
  };
  const online = (): void => {
    if (lead.leads()) engine.wake('online');
  };
  const person = (): void => {
    if (lead.leads()) engine.wake('person');
  };
  const stop = hearAll([
    [view, 'online', online],
    [view, 'offline', person],
    [page, 'visibilitychange', turn],
    [page, 'resume', wake], // Chromium, after it froze the tab
    [page, 'freeze', lead.pass],
    [view, 'pageshow', wake],
    [view, 'pagehide', leave],
  ]);
  const offs = [core.on('customer-recognized', person), core.on('storage-changed', person)];
  return () => {
    stop();
    for (const off of offs) off();
  };
}
