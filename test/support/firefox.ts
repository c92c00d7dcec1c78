import { firefox, type BrowserContext } from 'playwright-core';
import { browserToTest } from '../../scripts/browsers.mjs';

/** The path of Firefox, or `undefined` where there is none or it is not asked for. */
export const firefoxPath: string | undefined = await browserToTest('firefox');

/** Preferences of about:config. */
export type FirefoxPreferences = Readonly<Record<string, string | number | boolean>>;

/** Firefox as its makers ship it, with everything it keeps in `folder`: close and launch again to restart it. */
export function launchFirefox(
  folder: string,
  preferences: FirefoxPreferences = {},
): Promise<BrowserContext> {
  if (firefoxPath === undefined)
    throw new Error('firefox is not installed: node scripts/browsers.mjs --install firefox');
  return firefox.launchPersistentContext(folder, {
    executablePath: firefoxPath,
    channel: 'moz-firefox', // WebDriver BiDi, which an unpatched Firefox speaks
    headless: true,
    firefoxUserPrefs: { ...preferences },
  });
}
