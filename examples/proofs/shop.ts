import { loopback, type Loopback } from 'regulars/transport/loopback';

/** Who may stand at the screen. */
export interface Guest {
  /** The value of their radio button. */
  readonly id: string;
  /** As it stands on the page. */
  readonly number: string;
  /** As the shop writes to it. */
  readonly phone: string;
  /** What their phone is signed in as at the shop; undefined for somebody who has no account. */
  readonly account?: string;
}

/** Two customers, and somebody the shop has never heard of. */
export const guests: readonly Guest[] = [
  {
    id: 'shep',
    number: '(425) 555-0100',
    phone: '+14255550100',
    account: 'u_shep',
  },
  {
    id: 'maria',
    number: '(425) 555-0142',
    phone: '+14255550142',
    account: 'u_maria',
  },
  {
    id: 'nobody',
    number: '(425) 555-0199',
    phone: '+14255550199',
  },
];

const DAY_MS = 86_400_000;

/** What the QR says is an address, since a phone opens nothing else; the ticket stands behind `#`, where no server sees it. */
const ADDRESS = 'https://slurp.example/yes#';

/** The ticket in what a camera has read. */
export const ticketOf = (text: string): string =>
  text.startsWith(ADDRESS) ? text.slice(ADDRESS.length) : '';

/** The shop's backend. A real one runs on a server and keeps the same promises; this one runs in the page, and needs no network. */
export function openShop(
  deliver: (message: { readonly to: string; readonly code: string }) => void,
): Loopback {
  const now = Date.now();
  const order = (id: string, days: number, name: string, unitPrice: number) => ({
    ...{ id: `web:${id}`, at: now - days * DAY_MS, currency: 'USD', total: unitPrice },
    lines: [{ sku: name.toLowerCase(), name, quantity: 1, unitPrice }],
  });
  return loopback({
    shop: 'slurp',
    region: 'US',
    customers: [
      {
        identifiers: { account: 'u_shep', phone: '+14255550100' },
        ...{ name: 'Shep', greetByNumber: true, facts: { address: '1 Pine Street, Redmond' } },
        purchases: [
          order('101', 28, 'Tantan', 1320),
          order('102', 21, 'Tantan', 1320),
          order('103', 14, 'Tantan', 1320),
          order('104', 7, 'Tantan', 1320),
        ],
      },
      {
        identifiers: { account: 'u_maria', phone: '+14255550142' },
        ...{ name: 'Maria', facts: { address: '27 Harbor Lane, Kirkland' } },
        purchases: [order('105', 10, 'Miso corn', 1240), order('106', 3, 'Curry udon', 1260)],
      },
    ],
    deliver: ({ to, code }) => deliver({ to: to.value, code }),
    qrText: (ticket) => ADDRESS + ticket,
  });
}
