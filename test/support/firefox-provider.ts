import { playwright } from '@vitest/browser-playwright';
import type { Frame, Page } from 'playwright-core';
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node';

interface CommandsContext {
  readonly page: Page;
  readonly frame: () => Promise<Frame>;
}

/**
 * Vitest's provider for the Firefox at `executablePath`, as its makers ship it: the channel means WebDriver BiDi.
 * Vitest asks for the frame of a test file by its name, which over BiDi Playwright learns late or, on a busy machine, never:
 * here it is the page's newest frame.
 */
export function firefoxProvider(executablePath: string): BrowserProviderOption {
  const option = playwright({ launchOptions: { executablePath, channel: 'moz-firefox' } });
  return {
    ...option,
    providerFactory: (project): BrowserProvider => {
      const provider = option.providerFactory(project);
      const contextOf = provider.getCommandsContext.bind(provider);
      return Object.assign(provider, {
        getCommandsContext: (sessionId: string) => {
          const context = contextOf(sessionId) as unknown as CommandsContext;
          const frame = async (): Promise<Frame> =>
            context.page.mainFrame().childFrames().at(-1) ?? context.frame();
          return { ...context, frame };
        },
      });
    },
  };
}
