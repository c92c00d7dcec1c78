import type { Control, DismissalReason, Evidence, Regulars } from 'regulars';
import { openDialog } from './dialog.js';
import { announce, h } from './dom.js';

const words: Readonly<Record<DismissalReason, string>> = {
  gift: 'It was a gift',
  'not-now': 'Not now',
  stop: 'Never suggest this',
  wrong: 'This is wrong',
};

const isDismissal = (control: Control): control is Control & DismissalReason => control in words;

function dates(evidence: readonly Evidence[]): readonly string[] {
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'long' });
  const ats = evidence.flatMap((each) => (each.kind === 'purchases' ? each.ats : []));
  return [...ats].sort((a, b) => b - a).map((at) => format.format(at));
}

/** Says why something was shown, on what evidence, and lets the customer do something about it. */
export function openWhy(
  client: Regulars,
  ref: string,
  options: {
    readonly about: string;
    readonly dismissed: () => void;
    /** Where what is shown stands: the reason is in its language. */
    readonly from?: HTMLElement;
  },
): void {
  const why = client.why(ref);
  const { lang, dir } = options.from ?? document.documentElement;
  openDialog('Why do I see this?', (close) => {
    if (why === undefined) return [h('p', {}, 'This was shown on an earlier visit.')];
    const days = dates(why.evidence);
    const buttons = why.controls.filter(isDismissal).map((reason) =>
      h(
        'button',
        {
          type: 'button',
          class: 'button',
          onclick: () => {
            void client.dismiss(ref, reason).then(() => {
              close();
              options.dismissed();
              announce(`Done: ${words[reason].toLowerCase()}.`);
            });
          },
        },
        words[reason],
      ),
    );
    return [
      h('p', { class: 'about', lang, dir }, options.about),
      h('p', { class: 'why-text', lang, dir }, why.text),
      days.length === 0
        ? undefined
        : h(
            'details',
            {},
            h(
              'summary',
              {},
              days.length === 1 ? 'The order behind it' : `The ${days.length} orders behind it`,
            ),
            h('ul', { class: 'dates' }, ...days.map((day) => h('li', {}, day))),
          ),
      buttons.length === 0 ? undefined : h('div', { class: 'choices' }, ...buttons),
      why.controls.includes('not-me')
        ? h(
            'button',
            {
              type: 'button',
              class: 'button',
              onclick: () => {
                close();
                void client.notMe();
              },
            },
            'This is not me',
          )
        : undefined,
    ].filter((each) => each !== undefined);
  });
}
