import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findBrowser } from './scripts/browsers.mjs';

// BROWSERS=chromium asks for an engine (a missing one is an error); without it those that are installed are used.
const asked = process.env['BROWSERS']?.split(',');
const chromium = await findBrowser('chromium');
if (asked?.includes('chromium') && chromium === undefined)
  throw new Error('chromium is not installed: node scripts/browsers.mjs --install chromium');

const args = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

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
      ...(chromium === undefined
        ? []
        : [
            {
              test: {
                name: 'browser',
                include: ['test/browser/**/*.test.{ts,tsx}'],
                browser: {
                  enabled: true,
                  headless: true,
                  ui: false,
                  screenshotFailures: false,
                  provider: playwright({ launchOptions: { executablePath: chromium, args } }),
                  instances: [{ browser: 'chromium' as const, name: 'chromium' }],
                },
              },
            },
          ]),
    ],
  },
});
