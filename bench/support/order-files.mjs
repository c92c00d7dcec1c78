// Files of orders as Shopify writes them, of any length: the same for the same seed.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { randomOf } from './statistics.mjs';

// the columns of the admin's export; most are empty in most shops
const COLUMNS = [
  'Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,Total',
  'Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price',
  'Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status',
  'Billing Name,Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province',
  'Billing Country,Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company',
  'Shipping City,Shipping Zip,Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at',
  'Payment Method,Payment Reference,Refunded Amount,Vendor,Id,Tags,Risk Level,Source,Lineitem discount,Tax 1 Name',
  'Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone',
  'Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,Payment Terms Name',
  'Next Payment Due At,Payment References',
].flatMap((names) => names.split(','));

const PIECE = 1_000_000;
const BEGIN = 1_600_000_000_000;

/** Who buys what: a tenth as many customers as rows, few of whom buy much, as in a shop. */
function createShop(rows) {
  const random = randomOf(20_260_320);
  const skewed = (count) => Math.floor(random() * random() * count);
  return {
    customer: () => skewed(rows / 10),
    line: () => {
      const sku = skewed(2000);
      return {
        ...{ sku: `SKU-${sku}`, name: `Thing ${sku}`, price: (2 + (sku % 97) / 4).toFixed(2) },
        quantity: random() < 0.8 ? 1 : 2,
      };
    },
    linesOfNext: () => 1 + Math.floor(random() * 3),
  };
}

function* csvRows(rows) {
  const shop = createShop(rows);
  yield `${COLUMNS.join(',')}\n`;
  let order = 0;
  let left = 0;
  for (let row = 0; row < rows; row++) {
    const { sku, name, price, quantity } = shop.line();
    const cells = {
      'Lineitem quantity': quantity,
      ...{ 'Lineitem name': `${name} - Large`, 'Lineitem price': price, 'Lineitem sku': sku },
    };
    if (left === 0) {
      left = shop.linesOfNext();
      const customer = shop.customer();
      const at = new Date(BEGIN + ++order * 60_000).toISOString();
      Object.assign(cells, {
        ...{ Email: `guest${customer}@example.com`, 'Financial Status': 'paid', Currency: 'USD' },
        ...{ Total: '25.00', Id: 5_000_000_000_000 + order, Source: 'web' },
        'Created at': `${at.slice(0, 10)} ${at.slice(11, 19)} +0000`,
        ...{ 'Billing Name': `Guest ${customer}`, 'Billing Street': '"12 Long Road, Unit 4"' },
      });
    }
    left--;
    cells.Name = `#${1000 + order}`;
    yield `${COLUMNS.map((column) => cells[column] ?? '').join(',')}\n`;
  }
}

function* jsonLines(rows) {
  const shop = createShop(rows);
  for (let row = 0; row < rows; row++) {
    const customer = shop.customer();
    const { sku, name, price, quantity } = shop.line();
    const at = new Date(BEGIN + row * 60_000).toISOString();
    const email = `guest${customer}@example.com`;
    const order = {
      ...{
        id: 5_000_000_000_000 + row,
        name: `#${1000 + row}`,
        email,
        currency: 'USD',
        test: false,
      },
      ...{ created_at: at, processed_at: at, financial_status: 'paid', source_name: 'web' },
      ...{ total_price: '25.00' },
      customer: {
        ...{ id: 7_000_000_000_000 + customer, first_name: `Guest${customer}`, email },
        default_address: { address1: '12 Long Road', city: 'Springfield', zip: '12345' },
      },
      line_items: [
        {
          ...{ id: 9_000_000_000_000 + row, sku, title: name, variant_title: 'Large' },
          ...{ quantity, price },
        },
      ],
    };
    yield `${JSON.stringify(order)}\n`;
  }
}

/** Writes a file of `rows` rows, `csv` or `jsonl`. */
export async function writeOrders(kind, rows, file) {
  const out = createWriteStream(file);
  let text = '';
  for (const row of kind === 'csv' ? csvRows(rows) : jsonLines(rows)) {
    text += row;
    if (text.length < PIECE) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'finish');
}
