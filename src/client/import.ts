export {
  importCustomers,
  type CustomerInput,
  type CustomerSetAside,
  type CustomersImported,
  type ImportCustomersOptions,
} from './import-customers.js';
export type { ImportPeopleOptions, PeopleImported } from './import-people.js';
export {
  importPurchases,
  type ImportPurchasesOptions,
  type PurchaseSetAside,
  type PurchasesImported,
} from './import-purchases.js';
export {
  importRefunds,
  type RefundInput,
  type RefundSetAside,
  type RefundsImported,
} from './import-refunds.js';
