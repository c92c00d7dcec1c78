import { join } from 'node:path';
import { defineBrowserProvider, parseKeyDef } from '@vitest/browser';
import type { BrowserCommand, BrowserProviderOption } from 'vitest/node';
import { startWebKit, type WebKit } from './webkit-driver.js';

/** What the page asks of WebDriver; the element it means lies in `webkitTarget` of its window. */
export type WebKitAct = 'click' | 'hover' | 'clear' | 'fill';

declare module 'vitest/internal/browser' {
  interface BrowserCommands {
    webkitAct: (act: WebKitAct, text?: string) => Promise<void>;
    __vitest_tab: (options?: { readonly shift?: boolean }) => Promise<void>;
    __vitest_keyboard: (text: string) => Promise<{ readonly unreleased: readonly string[] }>;
    __vitest_cleanup: () => Promise<void>;
  }
}

/** The code points by which WebDriver knows keys that write nothing. */
const KEYS: { readonly [key: string]: string } = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  ' ': ' ',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
};

const press = (webkit: WebKit, steps: readonly object[]): Promise<unknown> =>
  webkit.send('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions: steps }] });

async function act(webkit: WebKit, what: WebKitAct, text = ''): Promise<void> {
  const element = await webkit.send<Readonly<Record<string, string>>>('POST', '/execute/sync', {
    script: 'return globalThis.webkitTarget',
    args: [],
  });
  const path = `/element/${Object.values(element)[0]}`;
  if (what === 'hover') {
    const move = { type: 'pointerMove', origin: element, x: 0, y: 0 };
    await webkit.send('POST', '/actions', {
      actions: [{ type: 'pointer', id: 'mouse', actions: [move] }],
    });
  } else if (what === 'click') await webkit.send('POST', `${path}/click`, {});
  else await webkit.send('POST', `${path}/clear`, {});
  if (what === 'fill') await webkit.send('POST', `${path}/value`, { text });
}

/** A Vitest provider for WebKitGTK's MiniBrowser: trusted clicks and keys, also inside shadow roots. */
export function webkitProvider(): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'webkit-driver',
    supportedBrowser: ['webkit'],
    providerFactory: ({ browser }) => {
      let starting: Promise<WebKit> | undefined;
      let turn: Promise<unknown> = Promise.resolve();
      const webkit = (): Promise<WebKit> => (starting ??= startWebKit());
      /** Acts inside the frame that a test file runs in. One at a time: a session has one current frame. */
      const inFrame = <T>(work: (webkit: WebKit) => Promise<T>): Promise<T> => {
        const next = turn.then(async () => {
          const driver = await webkit();
          const frame = { using: 'css selector', value: 'iframe[data-vitest]' };
          await driver.send('POST', '/frame', {
            id: await driver.send('POST', '/element', frame),
          });
          try {
            return await work(driver);
          } finally {
            await driver.send('POST', '/frame', { id: null });
          }
        });
        turn = next.catch(() => undefined);
        return next;
      };
      const commands: { readonly [name: string]: BrowserCommand<never[]> } = {
        webkitAct: (_, what: WebKitAct, text?: string) =>
          inFrame((driver) => act(driver, what, text)),
        __vitest_tab: (_, { shift = false }: { readonly shift?: boolean } = {}) =>
          inFrame((driver) => {
            const held = (type: string): readonly object[] =>
              shift ? [{ type, value: KEYS['Shift'] }] : [];
            return press(driver, [
              ...held('keyDown'),
              { type: 'keyDown', value: KEYS['Tab'] },
              { type: 'keyUp', value: KEYS['Tab'] },
              ...held('keyUp'),
            ]);
          }),
        __vitest_keyboard: async (_, text: string) => {
          const steps = parseKeyDef(text).flatMap(({ keyDef: { key = '' } }) => {
            const value = KEYS[key] ?? key;
            if (value.length !== 1) throw new Error(`no key of WebDriver is known for ${key}`);
            return [
              { type: 'keyDown', value },
              { type: 'keyUp', value },
            ];
          });
          await inFrame((driver) => press(driver, steps));
          return { unreleased: [] };
        },
        __vitest_cleanup: async () => undefined, // no key stays down
      };
      for (const [name, command] of Object.entries(commands))
        browser?.registerCommand(name as never, command as never);
      return {
        name: 'webkit-driver',
        supportsParallelism: false,
        getCommandsContext: () => ({}),
        initScripts: [join(import.meta.dirname, 'webkit-locators.ts')],
        openPage: async (_, url) => {
          await (await webkit()).send('POST', '/url', { url });
        },
        close: async () => {
          await (await starting?.catch(() => undefined))?.close();
        },
      };
    },
  });
}
