import type { Regulars } from 'regulars';
import { openDialog } from '../shared/dialog.js';
import { announce, byId, h } from '../shared/dom.js';
import { ordersOf, sampleCustomers, type SampleCustomer } from './shop.js';

/**
 * What the shop's own log-in would do. A shop that is new to Regulars hands over the orders it has, naming whose they are
 * (the same order twice changes nothing); then its backend, which has checked the password, vouches for the account.
 */
async function signIn(client: Regulars, { id }: SampleCustomer): Promise<void> {
  const customer = { ids: [{ kind: 'account', value: id }] };
  for (const order of await ordersOf(id)) await client.record({ ...order, customer });
  await client.recognize({ account: id }, { verified: ['account'] });
}

function openSignIn(client: Regulars, customers: readonly SampleCustomer[]): void {
  openDialog('Sign in', (close) => {
    const status = h('p', { role: 'status', class: 'small' });
    const select = h(
      'select',
      { id: 'customer' },
      ...customers.map((each) =>
        h(
          'option',
          { value: each.id },
          `Customer ${each.id}, ${each.country}: ${each.orders} orders`,
        ),
      ),
    );
    const submit = h('button', { type: 'submit', class: 'button primary' }, 'Sign in');
    const form = h(
      'form',
      {
        onsubmit: (event) => {
          event.preventDefault();
          const chosen = customers.find((each) => each.id === select.value);
          if (chosen === undefined || submit.disabled) return;
          submit.disabled = true;
          status.textContent = 'Fetching your orders…';
          signIn(client, chosen).then(
            () => close(),
            () => {
              submit.disabled = false;
              status.textContent = 'Your orders could not be fetched. Try again.';
            },
          );
        },
      },
      h(
        'p',
        {},
        'Be one of the real customers of the sample. There is no password here; a real shop’s own log-in stands in this place.',
      ),
      h('label', { for: 'customer' }, 'Customer'),
      select,
      submit,
      status,
    );
    return [form];
  });
}

/** The button that signs in and out. */
export function wireAccount(client: Regulars): void {
  const button = byId('account', HTMLButtonElement);
  client
    .select((snapshot) => snapshot.level === 'verified')
    .subscribe((verified) => (button.textContent = verified ? 'Sign out' : 'Sign in'));
  button.addEventListener('click', () => {
    if (client.get().level === 'verified')
      void client.signOut().then(() => announce('You are signed out.'));
    else
      sampleCustomers().then(
        (customers) => openSignIn(client, customers),
        () => announce('The sample customers could not be fetched.'),
      );
  });
}
