/** What one tab tells the others of the same shop. Hints only: the truth is in storage. */
export type TabMessage = 'changed' | 'signed-out' | 'person-changed' | 'forgotten';

/** The line between the tabs of one shop on one device. */
export interface Tabs {
  readonly tell: (message: TabMessage) => void;
  readonly close: () => void;
}

/** Opens the line; where BroadcastChannel is missing or refused, each tab is alone. */
export function openTabs(name: string, hear: (message: TabMessage) => void): Tabs {
  let channel: BroadcastChannel | undefined;
  try {
    channel = new BroadcastChannel(name);
    // in Node an open channel would keep the process alive
    (channel as { readonly unref?: () => void }).unref?.();
    channel.onmessage = (event: MessageEvent<TabMessage>) => hear(event.data);
  } catch {
    // a sandboxed frame, or an engine without it
  }
  return {
    tell: (message) => channel?.postMessage(message),
    close: () => channel?.close(),
  };
}
