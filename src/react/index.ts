'use client';

import {
  createContext,
  createElement,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from 'react';
import type { Regulars, Snapshot } from '../client/types.js';
import { RegularsError } from '../kernel/errors.js';

const ClientContext = createContext<Regulars | null>(null);

/** How many providers hold a client, and what is being done about it. */
interface Hold {
  providers: number;
  started: boolean;
  turn: Promise<unknown>;
}

const holds = new WeakMap<Regulars, Hold>();

/** Starts `client` for its first provider; the function returned stops it after its last. */
function hold(client: Regulars): () => void {
  const held = holds.get(client) ?? { providers: 0, started: false, turn: Promise.resolve() };
  holds.set(client, held);
  // One after the other, and by the count of that moment: StrictMode and hot reload unmount and mount within one task, which so
  // comes to nothing; and a start never overtakes a stop that is still closing the database.
  const settle = (): void => {
    held.turn = held.turn.then(apply).catch(() => undefined); // the client told its own `onError`
  };
  const apply = (): Promise<void> | undefined => {
    const { status } = client.get();
    if (held.providers > 0 && (status === 'idle' || status === 'stopped')) {
      held.started = true;
      return client.start();
    }
    if (held.providers > 0 || !held.started) return undefined;
    held.started = false;
    return client.stop();
  };
  held.providers++;
  settle();
  return () => {
    held.providers--;
    settle();
  };
}

/** What {@link RegularsProvider} takes. */
export interface RegularsProviderProps {
  /** Made once, outside of components: a client made while rendering would be a new one at each render. */
  readonly client: Regulars;
  /** What may use the client. */
  readonly children?: ReactNode;
}

/**
 * Gives `client` to everything below. Starts it when mounted and stops it after its last provider has gone; a client that the
 * page had started by itself is left running. On a server nothing is started, and what is rendered is neutral.
 * @example
 * createRoot(root).render(<RegularsProvider client={regulars}><App /></RegularsProvider>);
 */
export function RegularsProvider({ client, children }: RegularsProviderProps): ReactElement {
  useEffect(() => hold(client), [client]);
  return createElement(ClientContext.Provider, { value: client }, children);
}

/** The client of the nearest provider, for what a component does: `recognize`, `record`, `dismiss`. Throws where there is none. */
export function useRegularsClient(): Regulars {
  const client = useContext(ClientContext);
  if (client === null)
    throw new RegularsError(
      'ERR_OPTIONS_INVALID',
      'There is no client here; put <RegularsProvider client={…}> around this component.',
    );
  return client;
}

const whole = (snapshot: Snapshot): unknown => snapshot;

/** Everything there is to show. Renders again at each change; give a selector to hear of less. */
export function useRegulars(): Snapshot;
/**
 * One part of what there is to show: renders again only when it changes, by `Object.is` or by `isEqual`.
 * The selector may be written in place. While hydrating it is given the neutral snapshot that the server rendered.
 * @example const greeting = useRegulars((snapshot) => snapshot.greeting);
 */
export function useRegulars<T>(
  selector: (snapshot: Snapshot) => T,
  isEqual?: (previous: T, next: T) => boolean,
): T;
export function useRegulars(
  selector: (snapshot: Snapshot) => unknown = whole,
  isEqual: (previous: unknown, next: unknown) => boolean = Object.is,
): unknown {
  const client = useRegularsClient();
  const shown = useRef<{ readonly value: unknown }>(null);
  const [get, getServer] = useMemo(() => {
    // one selection for one snapshot: React reads twice and would render without end if an object were new each time
    const selecting = (read: () => Snapshot): (() => unknown) => {
      let from: Snapshot | undefined;
      let selected: { readonly value: unknown } | null = null;
      return () => {
        const snapshot = read();
        if (selected === null || from !== snapshot) {
          const value = selector(snapshot);
          const previous: { readonly value: unknown } | null = selected ?? shown.current;
          selected = previous && isEqual(previous.value, value) ? previous : { value };
          from = snapshot;
        }
        return selected.value;
      };
    };
    return [selecting(client.get), selecting(client.getServer)] as const;
  }, [client, selector, isEqual]);
  const value = useSyncExternalStore(client.listen, get, getServer);
  useEffect(() => {
    shown.current = { value };
  }, [value]);
  return value;
}
