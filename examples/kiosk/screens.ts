import { byId } from '../shared/dom.js';

/** The screens, in the order in which a guest sees them. */
export type Screen = 'start' | 'number' | 'menu' | 'paying' | 'done';

const all: readonly Screen[] = ['start', 'number', 'menu', 'paying', 'done'];

/** Which screen stands now. */
export function currentScreen(): Screen {
  return all.find((id) => !byId(id, HTMLElement).hidden) ?? 'start';
}

/**
 * Shows one screen and moves the focus to its heading, as a new page would. The address never changes: no entry of the
 * history belongs to a guest, so "back" leads nowhere.
 */
export function showScreen(screen: Screen): void {
  for (const id of all) byId(id, HTMLElement).hidden = id !== screen;
  byId('restart', HTMLElement).hidden = screen === 'start' || screen === 'paying';
  window.scrollTo(0, 0);
  if (screen === 'start') byId('begin', HTMLElement).focus();
  else byId(`${screen}-title`, HTMLElement).focus();
}
