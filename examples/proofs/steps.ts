import { byId } from '../shared/dom.js';

/** What the screen asks or shows; one at a time. */
export type Step = 'number' | 'prove' | 'code' | 'qr' | 'proved';

const all: readonly Step[] = ['number', 'prove', 'code', 'qr', 'proved'];

export function currentStep(): Step {
  return all.find((id) => !byId(id, HTMLElement).hidden) ?? 'number';
}

/** Shows one, and moves the focus to it: to the field where something is typed, else to the heading. */
export function showStep(step: Step, focus = true): void {
  for (const id of all) byId(id, HTMLElement).hidden = id !== step;
  byId('leave', HTMLElement).hidden = step === 'number';
  if (!focus) return;
  const field = byId(step, HTMLElement).querySelector('input');
  (field ?? byId(`${step}-title`, HTMLElement)).focus();
}
