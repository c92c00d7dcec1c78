import { randomBytes } from 'node:crypto';
import { writing, batch } from './server.js';

/** Who pushes where. */
export interface LoadOptions {
  /** Addresses of servers of one database: a writer whom one does not answer goes to the next. */
  readonly urls: readonly string[];
  readonly shop: string;
  /** Signs a token for an account. */
  readonly token: (account: string) => Promise<string>;
  readonly writers: number;
  readonly recordsOfPush: number;
}

/** What came of it. */
export interface LoadTold {
  /** Ids of the purchases that the server has said are there. A claim becomes a link with an id of the server's own. */
  readonly acknowledged: readonly string[];
  /** How long each push took, from the first try to its answer, ms. */
  readonly tookMs: readonly number[];
  /** Pushes that were tried again. */
  readonly retries: number;
  /** Answers that are none of the protocol's. */
  readonly odd: readonly string[];
}

/** Pushes of one account before the next: a server answers so many a minute of each. */
const PUSHES_OF_ACCOUNT = 300;
const PAUSE_MS = 100;
const PATIENCE_MS = 10_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Devices that push as fast as they are answered, and send again what was not. `stop` ends them once their last push is answered. */
export function startLoad({ urls, shop, token, writers, recordsOfPush }: LoadOptions): {
  readonly stop: () => Promise<LoadTold>;
} {
  const acknowledged: string[] = [];
  const tookMs: number[] = [];
  const odd: string[] = [];
  let retries = 0;
  const over = new AbortController();
  const run = Math.random().toString(36).slice(2);

  /** One try: true when it was answered with results. */
  const tryOnce = async (
    url: string,
    bearer: string,
    body: string,
    claim: string | undefined,
  ): Promise<boolean> => {
    try {
      const response = await fetch(`${url}/regulars/sync/v1/push`, {
        ...{ method: 'POST', body, signal: AbortSignal.timeout(PATIENCE_MS) },
        headers: { Authorization: `Bearer ${bearer}`, 'Sync-Protocol': '1' },
      });
      if (response.status === 503 || response.status === 429) {
        await response.text();
        return false;
      }
      const { results = [] } = (await response.json()) as {
        readonly results?: readonly { readonly id: string; readonly status: string }[];
      };
      for (const { id, status } of results)
        if (status !== 'accepted' && status !== 'duplicate') odd.push(status);
        else if (id !== claim) acknowledged.push(id);
      if (!response.ok) odd.push(String(response.status));
      return true;
    } catch {
      return false; // nobody there, or the answer was lost
    }
  };

  const write = async (index: number): Promise<void> => {
    const device = writing(randomBytes(4).toString('hex'), shop, () => Date.now());
    for (let n = 0; !over.signal.aborted; n++) {
      const account = `${run}-${String(index)}-${String(Math.floor(n / PUSHES_OF_ACCOUNT))}`;
      const subject = `subject-${account}`;
      const isFirst = n % PUSHES_OF_ACCOUNT === 0;
      const claim = isFirst ? device.link(subject, 'account', account) : undefined;
      const records = [
        ...(claim ? [claim] : []),
        ...Array.from({ length: recordsOfPush }, (_, i) =>
          device.purchase(subject, `${account}-${String(n)}-${String(i)}`, 'latte', Date.now()),
        ),
      ];
      const [bearer, body] = [await token(account), JSON.stringify(batch(...records))];
      const begun = performance.now();
      for (let tries = 0; ; tries++) {
        const url = urls[(index + tries) % urls.length] as string;
        if (await tryOnce(url, bearer, body, claim?.id)) break;
        retries++;
        await pause(PAUSE_MS * (0.5 + Math.random()));
      }
      tookMs.push(performance.now() - begun);
    }
  };
  const all = Promise.all(Array.from({ length: writers }, (_, index) => write(index)));
  return {
    stop: async () => {
      over.abort();
      await all;
      return { acknowledged, tookMs, retries, odd };
    },
  };
}
