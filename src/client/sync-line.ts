import type { IdentityBackend, RawIdentifier } from '../identity/port.js';
import type { Core } from './core.js';
import { levelOf } from './person.js';
import { SYNC_OFF, type SyncFace, type SyncRunner } from './sync-types.js';

/** What the rest of a client and its sync know of each other; empty where there is none. */
export interface SyncLine {
  /** Undefined where it could not be loaded. */
  runner?: Promise<SyncRunner | undefined>;
  /** Something was written: here, or in another tab. */
  wrote?: () => void;
  /** Who was proved in this tab, for the tab that syncs. */
  proved?: () => void;
  /** What was proved of whoever is verified here, by its token: in memory, and no longer than that. */
  readonly identifiers: Map<string, RawIdentifier>;
}

const lines = new WeakMap<Core, SyncLine>();

/** The line of a client. */
export function lineOf(core: Core): SyncLine {
  const line = lines.get(core) ?? { identifiers: new Map<string, RawIdentifier>() };
  lines.set(core, line);
  return line;
}

/** Whoever was proved has gone. */
export function dropProved(core: Core): void {
  if (levelOf(core) !== 'verified') lines.get(core)?.identifiers.clear();
}

/** Starts the sync, if there is one; returns the way to stop. */
export function startSync(core: Core): () => void {
  const { sync } = core.options;
  if (!sync) return () => undefined;
  const line = lineOf(core);
  const runner = Promise.resolve(sync.attach(core) as SyncRunner | PromiseLike<SyncRunner>).catch(
    (error: unknown) => {
      core.report(error);
      return undefined;
    },
  );
  line.runner = runner;
  return () => {
    delete line.runner;
    line.identifiers.clear();
    core.state.sync = SYNC_OFF;
    void runner.then((started) => started?.stop());
  };
}

/** What the shop's backend does for recognition: the host's own, or that of the transport. */
export function backendOf({ options }: Core): IdentityBackend | undefined {
  const { backend, sync } = options;
  const transport = sync?.transport;
  return backend ?? (transport?.kind === 'records' ? transport.identity : undefined);
}

/** What a page asks of the sync. Without one there is nothing to do. */
export function syncFace(core: Core): Omit<SyncFace, 'status'> {
  const runner = async (): Promise<SyncRunner | undefined> => lines.get(core)?.runner;
  return {
    now: async (options) => (await runner())?.now(options) ?? core.state.sync,
    refused: async () => (await runner())?.refused() ?? [],
    retry: async (id) => (await runner())?.retry(id) ?? false,
    discard: async (id) => (await runner())?.discard(id) ?? false,
  };
}

/** Tells the sync, if there is one, that there is something to send. */
export function wrote(core: Core): void {
  lines.get(core)?.wrote?.();
}

/** Notes what was proved: an account goes over the wire as it is, and is kept nowhere. */
export function noteProved(
  core: Core,
  proved: readonly (RawIdentifier & { readonly token: string })[],
): void {
  if (!core.options.sync || core.mode === 'kiosk') return;
  const line = lineOf(core);
  for (const { type, value, token } of proved) line.identifiers.set(token, { type, value });
  line.proved?.();
}
