import { act, StrictMode, useState, type ReactElement, type ReactNode } from 'react';
import { createRoot, hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryStorage } from '../../src/adapters/storage/memory.js';
import { createRegulars } from '../../src/client/create-regulars.js';
import type { Regulars, RegularsOptions, Snapshot } from '../../src/client/types.js';
import { systemClock } from '../../src/kernel/clock.js';
import { RegularsProvider, useRegulars, useRegularsClient } from '../../src/react/index.js';

/** What is open at the moment: the platform is counted, not replaced. */
const open = { timers: 0, channels: 0, documentListeners: 0, clientListeners: 0 };
const nothing = { timers: 0, channels: 0, documentListeners: 0, clientListeners: 0 };
const OURS = ['visibilitychange', 'pointerdown', 'keydown', 'wheel'];

const clock = {
  ...systemClock,
  after: (ms: number, run: () => void) => {
    open.timers++;
    let pending = true;
    const settled = (): void => {
      if (pending) open.timers--;
      pending = false;
    };
    const cancel = systemClock.after(ms, () => {
      settled();
      run();
    });
    return () => {
      settled();
      cancel();
    };
  },
};

/** A client whose listeners are counted. */
function countedClient(options: Partial<RegularsOptions> = {}): Regulars {
  const client = createRegulars({ shop: 'test', storage: memoryStorage(), clock, ...options });
  return {
    ...client,
    listen: (listener) => {
      open.clientListeners++;
      const stop = client.listen(listener);
      return () => {
        open.clientListeners--;
        stop();
      };
    },
  };
}

const roots: Root[] = [];
let container: HTMLElement;
const mount = async (node: ReactNode): Promise<Root> => {
  const root = createRoot(container);
  roots.push(root);
  await act(async () => root.render(node));
  return root;
};
const unmount = (root: Root): Promise<void> => act(async () => root.unmount());
const until = (client: Regulars, wanted: Snapshot['status']): Promise<void> =>
  act(async () => {
    await vi.waitFor(() => expect(client.get().status).toBe(wanted));
  });
/** Waits until a started client listens to the page and to other tabs: that comes after `ready`, by a module of its own. */
const untilOpen = (wanted: Partial<typeof open>): Promise<void> =>
  act(async () => {
    // unbundled, the module is a hundred files
    await vi.waitFor(() => expect(open).toMatchObject(wanted), { timeout: 10_000 });
  });

function Level(): ReactElement {
  const level = useRegulars((snapshot) => snapshot.level);
  const state = useRegulars((snapshot) => snapshot.status);
  return (
    <p>
      {state} {level}
    </p>
  );
}

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  container = document.body.appendChild(document.createElement('main'));
  Object.assign(open, nothing);
  const add = document.addEventListener.bind(document);
  const remove = document.removeEventListener.bind(document);
  type Listener = EventListenerOrEventListenerObject;
  vi.spyOn(document, 'addEventListener').mockImplementation(
    (type: string, listener: Listener, options?: boolean | AddEventListenerOptions) => {
      if (OURS.includes(type)) open.documentListeners++;
      add(type, listener, options);
    },
  );
  vi.spyOn(document, 'removeEventListener').mockImplementation(
    (type: string, listener: Listener, options?: boolean | EventListenerOptions) => {
      if (OURS.includes(type)) open.documentListeners--;
      remove(type, listener, options);
    },
  );
  vi.stubGlobal(
    'BroadcastChannel',
    class extends BroadcastChannel {
      constructor(name: string) {
        super(name);
        open.channels++;
      }
      override close(): void {
        open.channels--;
        super.close();
      }
    },
  );
});

afterEach(async () => {
  for (const root of roots.splice(0)) await unmount(root);
  container.remove();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('the provider', () => {
  it('starts the client when mounted and stops it after the last one has gone', async () => {
    const client = countedClient();
    const root = await mount(
      <RegularsProvider client={client}>
        <Level />
      </RegularsProvider>,
    );
    await until(client, 'ready');
    expect(container.textContent).toBe('ready none');
    await untilOpen({ channels: 1, clientListeners: 2 });
    await unmount(root);
    await until(client, 'stopped');
    expect(open).toEqual(nothing);
  });

  it('may be mounted again: the client starts once more', async () => {
    const client = countedClient();
    const page = (
      <RegularsProvider client={client}>
        <Level />
      </RegularsProvider>
    );
    for (let time = 0; time < 3; time++) {
      const root = await mount(page);
      await until(client, 'ready');
      await unmount(root);
      // not waited for: the next mount comes while this one is still stopping
    }
    await mount(page);
    await until(client, 'ready');
    expect(container.textContent).toBe('ready none');
    await untilOpen({ channels: 1 });
  });

  it('twice on a page is one client: it stops with the second', async () => {
    const client = countedClient();
    const other = document.body.appendChild(document.createElement('aside'));
    const first = await mount(<RegularsProvider client={client} />);
    const second = createRoot(other);
    await act(async () => second.render(<RegularsProvider client={client} />));
    await until(client, 'ready');
    await unmount(first);
    await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
    expect(client.get().status).toBe('ready');
    await unmount(second);
    await until(client, 'stopped');
    other.remove();
  });

  it('leaves a client running that the page had started by itself', async () => {
    const client = countedClient();
    await client.start();
    const root = await mount(<RegularsProvider client={client} />);
    await unmount(root);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(client.get().status).toBe('ready');
    await client.stop();
    expect(open).toEqual(nothing);
  });

  it("survives StrictMode's double mount: started once, running, and gone without a trace", async () => {
    const client = countedClient();
    const start = vi.fn<Regulars['start']>(client.start);
    const stop = vi.fn<Regulars['stop']>(client.stop);
    const root = await mount(
      <StrictMode>
        <RegularsProvider client={{ ...client, start, stop }}>
          <Level />
        </RegularsProvider>
      </StrictMode>,
    );
    await until(client, 'ready');
    expect(container.textContent).toBe('ready none');
    expect(start).toHaveBeenCalledTimes(1);
    expect(stop).not.toHaveBeenCalled();
    await untilOpen({ channels: 1, clientListeners: 2 });
    await unmount(root);
    await until(client, 'stopped');
    expect(open).toEqual(nothing);
  });

  for (const mode of ['storefront', 'kiosk'] as const)
    it(`after ten hot reloads of a ${mode}, each with a new client and a new tree, nothing is left over`, async () => {
      const clients: Regulars[] = [];
      for (let reload = 0; reload < 10; reload++) {
        const client = countedClient({ mode });
        clients.push(client);
        const root = await mount(
          <StrictMode>
            <RegularsProvider client={client}>
              <Level />
            </RegularsProvider>
          </StrictMode>,
        );
        await until(client, 'ready');
        client.keepAlive(); // a kiosk's visit begins: its idle timer runs
        await act(async () => {
          await vi.waitFor(() => expect(open.documentListeners).toBeGreaterThan(0));
        });
        expect(open.timers).toBe(mode === 'kiosk' ? 1 : 0);
        await unmount(root);
      }
      for (const client of clients) await until(client, 'stopped');
      expect(open).toEqual(nothing);
    });

  it('after ten hot reloads that keep the tree and swap the client, only the last one runs', async () => {
    const clients = Array.from({ length: 10 }, () => countedClient());
    const page = (client: Regulars): ReactElement => (
      <StrictMode>
        <RegularsProvider client={client}>
          <Level />
        </RegularsProvider>
      </StrictMode>
    );
    const root = await mount(null);
    for (const client of clients) await act(async () => root.render(page(client)));
    for (const client of clients.slice(0, -1))
      await vi.waitFor(() => expect(['idle', 'stopped']).toContain(client.get().status));
    const last = clients[9] ?? countedClient();
    await until(last, 'ready');
    expect(container.textContent).toBe('ready none');
    await untilOpen({ channels: 1, clientListeners: 2 });
    await unmount(root);
    await until(last, 'stopped');
    expect(open).toEqual(nothing);
  });

  it('is needed: a hook without one says so', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined); // React tells of the throw there too
    await expect(mount(<Level />)).rejects.toMatchObject({ code: 'ERR_OPTIONS_INVALID' });
  });
});

describe('useRegulars', () => {
  const known = async (client: Regulars): Promise<void> => {
    await client.recognize({ account: 'u_42' }, { verified: ['account'], name: 'Shep' });
  };

  it('renders again when the part it selected has changed, and only then', async () => {
    const client = countedClient();
    const renders = { level: 0, mode: 0, whole: 0 };
    function Part({ of }: { readonly of: 'level' | 'mode' }): string {
      renders[of]++;
      return useRegulars((snapshot) => snapshot[of]);
    }
    function Whole(): string {
      renders.whole++;
      return useRegulars().status;
    }
    await mount(
      <RegularsProvider client={client}>
        <Part of="level" /> <Part of="mode" /> <Whole />
      </RegularsProvider>,
    );
    await until(client, 'ready');
    const before = { ...renders };
    await act(() => known(client));
    expect(container.textContent).toBe('verified storefront ready');
    expect(renders.level).toBe(before.level + 1);
    expect(renders.mode).toBe(before.mode);
    expect(renders.mode).toBe(1);
    expect(renders.whole).toBeGreaterThan(before.whole);
  });

  it('takes a selector written in place that builds a new object each time, without an endless loop', async () => {
    const client = countedClient();
    let renders = 0;
    function Both(): string {
      renders++;
      const { level, mode } = useRegulars((snapshot) => ({
        level: snapshot.level,
        mode: snapshot.mode,
      }));
      return `${level} ${mode}`;
    }
    await mount(
      <RegularsProvider client={client}>
        <Both />
      </RegularsProvider>,
    );
    await until(client, 'ready');
    await act(() => known(client));
    expect(container.textContent).toBe('verified storefront');
    expect(renders).toBeLessThan(20);
  });

  it('keeps the selection while isEqual says so, also over renders of the parent', async () => {
    const client = countedClient();
    const seen = new Set<unknown>();
    let renders = 0;
    let renderParent: (n: number) => void = () => undefined;
    function Child(): null {
      renders++;
      seen.add(
        useRegulars(
          (snapshot) => [snapshot.mode],
          (before, after) => before[0] === after[0],
        ),
      );
      return null;
    }
    function Parent(): ReactElement {
      const [n, set] = useState(0);
      renderParent = set;
      return <Child key="child" {...{ n }} />;
    }
    await mount(
      <RegularsProvider client={client}>
        <Parent />
      </RegularsProvider>,
    );
    await until(client, 'ready');
    await act(() => known(client));
    expect(renders).toBe(1);
    await act(async () => renderParent(1));
    await act(async () => renderParent(2));
    expect(renders).toBe(3);
    expect(seen.size).toBe(1);
  });

  it('follows its selector when that changes', async () => {
    const client = countedClient();
    function Part({ part }: { readonly part: 'mode' | 'level' }): string {
      return useRegulars((snapshot) => snapshot[part]);
    }
    const page = (part: 'mode' | 'level'): ReactElement => (
      <RegularsProvider client={client}>
        <Part part={part} />
      </RegularsProvider>
    );
    const root = await mount(page('mode'));
    expect(container.textContent).toBe('storefront');
    await act(async () => root.render(page('level')));
    expect(container.textContent).toBe('none');
  });

  it('hands out the client for what a component does', async () => {
    const client = countedClient();
    let given: Regulars | undefined;
    function Button(): null {
      given = useRegularsClient();
      return null;
    }
    await mount(
      <RegularsProvider client={client}>
        <Button />
      </RegularsProvider>,
    );
    expect(given).toBe(client);
  });
});

describe('hydration', () => {
  function Page(): ReactElement {
    const { customer, level } = useRegulars();
    return <h1 title={level}>Welcome {customer?.name ?? 'in'}</h1>;
  }

  it('takes over the neutral page of the server without a mismatch, and then greets', async () => {
    const client = countedClient();
    await client.start();
    await client.recognize({ account: 'u_42' }, { verified: ['account'], name: 'Shep' });
    const page = (
      <StrictMode>
        <RegularsProvider client={client}>
          <Page />
        </RegularsProvider>
      </StrictMode>
    );
    container.innerHTML = renderToString(page);
    const heading = container.querySelector('h1');
    expect(container.textContent).toBe('Welcome in');
    const errors = vi.spyOn(console, 'error');
    const recovered = vi.fn<(error: unknown) => void>();
    await act(async () => {
      roots.push(hydrateRoot(container, page, { onRecoverableError: recovered }));
    });
    expect(recovered).not.toHaveBeenCalled();
    expect(errors).not.toHaveBeenCalled();
    expect(container.querySelector('h1')).toBe(heading);
    expect(container.textContent).toBe('Welcome Shep');
    await act(() => client.stop());
  });
});
