import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import type { BrowserProviderOption } from 'vitest/node';
import { findBrowser } from './scripts/browsers.mjs';
import { webkitProvider } from './test/support/webkit-provider.js';

const ENGINES = ['chromium', 'firefox', 'webkit'] as const;

// BROWSERS=chromium,firefox asks for engines (a missing one is an error); without it those that are found are used.
const asked = process.env['BROWSERS']?.split(',').filter(Boolean);
const paths: { [engine in (typeof ENGINES)[number]]?: string } = {};
for (const engine of ENGINES) {
  if (asked && !asked.includes(engine)) continue;
  const path = await findBrowser(engine);
  if (path !== undefined) paths[engine] = path;
  else if (asked)
    throw new Error(`${engine} is not installed: node scripts/browsers.mjs --install ${engine}`);
}
const strange = asked?.filter((name) => !ENGINES.some((engine) => engine === name)) ?? [];
if (strange.length > 0)
  throw new Error(`BROWSERS names ${strange.join(', ')}; there are ${ENGINES.join(', ')}`);

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
function engineProject(name: (typeof ENGINES)[number], provider: BrowserProviderOption) {
  return {
    test: {
      name: `in-${name}`,
      include: ['test/browser/**/*.test.{ts,tsx}'],
      exclude: name === 'chromium' ? [] : ['test/browser/chromium/**'],
      testTimeout: 30_000,
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
        test: {
          name: 'node',
          include: ['test/{unit,property,conformance,types}/**/*.test.{ts,tsx}'],
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
      ...(paths.chromium === undefined
        ? []
        : [
            engineProject(
              'chromium',
              playwright({ launchOptions: { executablePath: paths.chromium, args } }),
            ),
          ]),
      // the channel: WebDriver BiDi, which an unpatched Firefox speaks
      ...(paths.firefox === undefined
        ? []
        : [
            engineProject(
              'firefox',
              playwright({
                launchOptions: { executablePath: paths.firefox, channel: 'moz-firefox' },
              }),
            ),
          ]),
      ...(paths.webkit === undefined ? [] : [engineProject('webkit', webkitProvider())]),
    ],
  },
});
