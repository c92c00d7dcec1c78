// Runs in WebKit's pages: gives Vitest's locators hands there. The element goes to the driver by a global, since no CSS selector reaches into a shadow root.
import * as locators from '@vitest/browser/locators';
import { page, server } from 'vitest/browser';

class WebKitLocator extends locators.Locator {
  readonly selector: string;
  constructor(selector: string) {
    super();
    this.selector = selector;
  }
  async #act(what: string, text?: string, on?: Element): Promise<void> {
    Object.assign(globalThis, { webkitTarget: on ?? (await this.findElement()) });
    await this.triggerCommand('webkitAct', what, text);
  }
  override click(): Promise<void> {
    return this.#act('click');
  }
  override hover(): Promise<void> {
    return this.#act('hover');
  }
  override clear(): Promise<void> {
    return this.#act('clear');
  }
  override fill(text: string): Promise<void> {
    return this.#act('fill', text);
  }
  override async selectOptions(value: unknown): Promise<void> {
    const select = (await this.findElement()) as HTMLSelectElement;
    const option = [...select.options].find((one) => one.value === value || one.label === value);
    if (!option) throw new Error(`no option ${String(value)}`);
    await this.#act('click', undefined, option);
  }
  /** By the page: the driver would want a file on the disk. */
  override async upload(files: unknown): Promise<void> {
    const input = (await this.findElement()) as HTMLInputElement;
    const chosen = new DataTransfer();
    for (const file of [files].flat()) chosen.items.add(file as File);
    input.files = chosen.files;
    for (const type of ['input', 'change'])
      input.dispatchEvent(new Event(type, { bubbles: true, composed: type === 'input' }));
  }
  protected override locator(selector: string): WebKitLocator {
    return new WebKitLocator(`${this.selector} >> ${selector}`);
  }
  protected override elementLocator(element: Element): WebKitLocator {
    return locatorOf(element);
  }
}

const locatorOf = (element: Element): WebKitLocator =>
  new WebKitLocator(locators.selectorEngine.generateSelectorSimple(element));
const by =
  <A extends readonly unknown[]>(selectorOf: (...args: A) => string) =>
  (...args: A): WebKitLocator =>
    new WebKitLocator(selectorOf(...args));
const { testIdAttribute } = server.config.browser.locators;

page.extend({
  getByRole: by(locators.getByRoleSelector),
  getByText: by(locators.getByTextSelector),
  getByLabelText: by(locators.getByLabelSelector),
  getByPlaceholder: by(locators.getByPlaceholderSelector),
  getByAltText: by(locators.getByAltTextSelector),
  getByTitle: by(locators.getByTitleSelector),
  getByTestId: by((id: string | RegExp) => locators.getByTestIdSelector(testIdAttribute, id)),
  elementLocator: locatorOf,
});
