import type { MarkerStore } from './marker.js';

/** What one tab tells the others of the same shop. Hints only: the truth is in storage. */
export type TabMessage = 'changed' | 'signed-out' | 'person-changed' | 'forgotten';

/** The line between the tabs of one shop on one device. */
export interface Tabs {
  readonly tell: (message: TabMessage) => void;
  readonly close: () => void;
}

/** Opens the line: a BroadcastChannel, or where that is missing or refused, the marker, whose changes browsers tell to other tabs. */
export function openTabs(
  name: string,
  markers: MarkerStore,
  hear: (message: TabMessage) => void,
): Tabs {
  try {
    const channel = new BroadcastChannel(name);
    // in Node an open channel would keep the process alive
    (channel as { readonly unref?: () => void }).unref?.();
    channel.onmessage = (event: MessageEvent<TabMessage>) => hear(event.data);
    return {
      tell: (message) => channel.postMessage(message),
      close: () => channel.close(),
    };
  } catch {
    return openByMarker(name, markers, hear);
  }
}

/** Without a yes there is no marker, nothing is kept, and so there is nothing to tell. */
function openByMarker(
  name: string,
  markers: MarkerStore,
  hear: (message: TabMessage) => void,
): Tabs {
  let told = 0;
  const take = ({ key, newValue }: StorageEvent): void => {
    if (key === name) hear(newValue === null ? 'forgotten' : toldBy(newValue));
    else if (key === null) hear('forgotten'); // everything was cleared
  };
  globalThis.addEventListener?.('storage', take);
  return {
    tell: (message) => {
      const marker = markers.read();
      // the number: a text like the one before would be no change
      if (marker) markers.write({ ...marker, ...{ told: `${message} ${marker.at}-${told++}` } });
    },
    close: () => globalThis.removeEventListener?.('storage', take),
  };
}

/** What a marker's text tells; one without a message was written because somebody else is here now. */
function toldBy(text: string): TabMessage {
  const said = /"told":"([a-z-]+) /.exec(text)?.[1];
  return (said as TabMessage | undefined) ?? 'person-changed';
}
