import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import type { BrowserProviderOption } from 'vitest/node';
import { browserToTest } from './scripts/browsers.mjs';
import { entries } from './scripts/entries.mjs';
import { firefoxProvider } from './test/support/firefox-provider.js';
import { webkitProvider } from './test/support/webkit-provider.js';

// BROWSERS=chromium,firefox asks for engines (a missing one is an error); without it those that are found are used.
const chromium = await browserToTest('chromium');
const firefox = await browserToTest('firefox');
const webkit = await browserToTest('webkit');

const args = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// Firefox's driver clicks nothing inside a transformed frame, and Vitest's frame always has a transform.
const flat = `document.head.append(Object.assign(document.createElement('style'), {
  textContent: '#vitest-tester, #vitest-tester * { transform: none !important }',
}))`;

/** The tests of one engine. What speaks the DevTools protocol is for Chromium alone. */
function engineProject(name: 'chromium' | 'firefox' | 'webkit', provider: BrowserProviderOption) {
  return {
    test: {
      name: `in-${name}`,
      include: ['test/browser/**/*.test.{ts,tsx}'],
      exclude: name === 'chromium' ? [] : ['test/browser/chromium/**'],
      testTimeout: 30_000,
      expect: { poll: { timeout: 5000 } }, // a busy machine is no bug
      browser: {
        enabled: true,
        headless: true,
        ui: false,
        screenshotFailures: false,
        orchestratorScripts: name === 'chromium' ? [] : [{ content: flat }],
        provider,
        instances: [{ browser: name, name }],
      },
    },
  };
}

export default defineConfig({
  test: {
    reporters: ['default', './test/support/summary-reporter.ts'],
    coverage: {
      provider: 'istanbul',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
    projects: [
      {
        // examples are tried on the sources: whatever they import by its name is what it is built from
        resolve: {
          alias: entries.map(({ name, source }) => ({
            find: new RegExp(`^regulars${name === '.' ? '' : `/${name}`}$`),
            replacement: fileURLToPath(new URL(source, import.meta.url)),
          })),
        },
        test: {
          name: 'node',
          include: ['test/{unit,formats,property,scenarios,conformance,types}/**/*.test.{ts,tsx}'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          globalSetup: ['./test/support/build.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['./test/support/build-examples.ts'],
          testTimeout: 60_000,
          hookTimeout: 90_000,
          fileParallelism: false,
        },
      },
      ...(chromium === undefined
        ? []
        : [
            engineProject(
              'chromium',
              playwright({ launchOptions: { executablePath: chromium, args } }),
            ),
          ]),
      ...(firefox === undefined ? [] : [engineProject('firefox', firefoxProvider(firefox))]),
      ...(webkit === undefined ? [] : [engineProject('webkit', webkitProvider())]),
    ],
  },
});
