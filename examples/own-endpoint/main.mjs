import { createRegulars } from 'regulars';
import { indexedDbStorage } from 'regulars/storage/indexed-db';
import { syncOver } from 'regulars/sync';
import { handlers } from 'regulars/transport/handlers';

const find = (id) => document.getElementById(id);
const post = (path) => (body, call) =>
  fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...call,
  });

const regulars = createRegulars({
  shop: 'blue-door',
  storage: indexedDbStorage(),
  consent: { remember: 'granted' }, // a shop of yours asks
  sync: syncOver(
    handlers({
      push: post('/api/sync/push'),
      pull: post('/api/sync/pull'),
      subscribe: (poke) => {
        const source = new EventSource('/api/sync/events');
        source.addEventListener('message', () => poke());
        return () => source.close();
      },
    }),
  ),
});

regulars.subscribe(({ greeting, customer, sync }) => {
  find('greeting').textContent = greeting.kind === 'none' ? 'Welcome' : greeting.text;
  find('orders').textContent = String(customer?.paidVisits ?? 0);
  find('sync').textContent = `${sync.state}, ${sync.waiting} waiting`;
});
await regulars.start();

const signedIn = (account) => regulars.recognize({ account }, { verified: ['account'] });
const { account } = await (await fetch('/api/me')).json();
if (account) await signedIn(account);

async function signIn(form) {
  const answer = await post('/api/sign-in')(Object.fromEntries(new FormData(form)));
  await signedIn((await answer.json()).account);
}
async function buy() {
  // the shop's own order; what is remembered of it is remembered once it is made
  const order = await (await post('/api/orders')({ sku: 'LAT-12' })).json();
  await regulars.record({ id: `shop:${order.id}`, lines: [{ sku: order.sku, name: 'Latte' }] });
}
find('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  void signIn(event.target);
});
find('buy').addEventListener('click', () => void buy());
find('forget').addEventListener(
  'click',
  () => void regulars.rights.forget({ scope: 'everywhere' }),
);
