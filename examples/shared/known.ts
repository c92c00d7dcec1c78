import type { Known, KnownFact, RecordOutcome, Regulars } from 'regulars';
import { openDialog } from './dialog.js';
import { announce, h } from './dom.js';

const factNames: Readonly<Record<string, string>> = {
  'name.given': 'First name',
  'name.family': 'Last name',
};

const levels: Readonly<Record<Known['level'], string>> = {
  none: 'We do not know who you are.',
  device: 'We recognize this device, and what you let us remember on it.',
  claimed: 'You told us who you are; we have no proof of it.',
  verified: 'You are signed in.',
};

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  h('a', { href: url, download: name }).click();
  window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function factRow(fact: KnownFact, remove: (key: string) => Promise<unknown>): HTMLElement {
  const row = h(
    'li',
    {},
    h('span', { class: 'fact-key' }, factNames[fact.key] ?? fact.key),
    h('bdi', { class: 'fact-value' }, String(fact.value)),
    h(
      'button',
      {
        type: 'button',
        class: 'plain',
        'aria-label': `Remove ${factNames[fact.key] ?? fact.key}`,
        onclick: () => void remove(fact.key).then(() => row.remove()),
      },
      'Remove',
    ),
  );
  return row;
}

function orders(known: Known): readonly Node[] {
  if (!known.purchases.ok) return [h('p', {}, 'Sign in to see your orders.')];
  const all = known.purchases.value;
  if (all.length === 0) return [h('p', {}, 'No orders.')];
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium' });
  return [
    h(
      'ul',
      { class: 'known-orders' },
      ...all.slice(0, 5).map((purchase) =>
        h(
          'li',
          {},
          h('span', {}, format.format(purchase.at)),
          h(
            'span',
            {},
            purchase.lines
              .map((line) => line.name)
              .slice(0, 3)
              .join(', ') +
              (purchase.lines.length > 3 ? ` and ${purchase.lines.length - 3} more` : ''),
          ),
        ),
      ),
    ),
    ...(all.length > 5 ? [h('p', { class: 'small' }, `and ${all.length - 5} earlier ones.`)] : []),
  ];
}

function suggestSwitch(client: Regulars, known: Known): HTMLElement {
  const box = h('input', {
    type: 'checkbox',
    checked: known.consent.suggest === 'granted',
    onchange: () => {
      const answer = box.checked ? 'granted' : 'denied';
      void client.rights
        .consent('suggest', answer)
        .then((outcome: RecordOutcome) =>
          announce(
            outcome.kind === 'refused'
              ? 'That could not be kept.'
              : box.checked
                ? 'We suggest again.'
                : 'We no longer suggest.',
          ),
        );
    },
  });
  return h('label', { class: 'switch' }, box, 'Suggest things from what I bought');
}

/** "What we know about you": see, correct, take along, be forgotten. */
export async function openKnown(client: Regulars): Promise<void> {
  const known = await client.rights.known();
  openDialog(
    'What we know about you',
    (close) => {
      const forget = h(
        'button',
        {
          type: 'button',
          class: 'button',
          onclick: () => {
            forget.replaceWith(sure);
            sure.querySelector('button')?.focus();
          },
        },
        'Forget me',
      );
      const sure = h(
        'p',
        { class: 'sure' },
        'Everything about you on this device is deleted. ',
        h(
          'button',
          {
            type: 'button',
            class: 'button',
            onclick: () => (sure.replaceWith(forget), forget.focus()),
          },
          'Keep',
        ),
        h(
          'button',
          {
            type: 'button',
            class: 'button',
            onclick: () =>
              void client.rights.forget({ scope: 'device' }).then(() => {
                close();
                announce('You are forgotten on this device.');
              }),
          },
          'Forget everything',
        ),
      );
      return [
        h('p', {}, levels[known.level]),
        h('h3', {}, 'About you'),
        known.facts.length === 0
          ? h('p', {}, 'Nothing but your orders.')
          : h(
              'ul',
              { class: 'facts' },
              ...known.facts.map((fact) => factRow(fact, client.rights.remove)),
            ),
        h(
          'h3',
          {},
          `Your orders${known.paidVisits.ok && known.paidVisits.value > 1 ? ` (${known.paidVisits.value} visits)` : ''}`,
        ),
        ...orders(known),
        h('h3', {}, 'Your choices'),
        suggestSwitch(client, known),
        h(
          'div',
          { class: 'choices' },
          h(
            'button',
            {
              type: 'button',
              class: 'button',
              onclick: () =>
                void client.rights
                  .export()
                  .then((all) => download('what-we-know.json', JSON.stringify(all, null, 2)))
                  .catch(() => announce('Sign in to take your data along.')),
            },
            'Download it all',
          ),
          forget,
        ),
      ];
    },
    { className: 'known' },
  );
}
