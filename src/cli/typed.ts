import type { OrderFormat } from './detect.js';

/** What holds for orders that do not say otherwise. */
export interface ImportRules {
  readonly format: OrderFormat | undefined;
  readonly region: string | undefined;
  readonly currency: string | undefined;
  readonly timeZone: string | undefined;
  readonly receivedAt: string | undefined;
  readonly place: string | undefined;
  readonly liveOnly: boolean;
  readonly keepNotes: boolean;
}

/** What is given or not. */
export type YesOption = 'help' | 'version' | 'json' | 'live-only' | 'dry-run' | 'in-place';
type TextOption =
  | ('output' | 'shop' | 'customer' | 'into' | 'region' | 'country' | 'currency' | 'format')
  | ('time-zone' | 'received-at' | 'place' | 'keep')
  | ('ranker' | 'exposures' | 'query' | 'columns' | 'sample' | 'memory')
  | ('data' | 'database-url' | 'server' | 'host' | 'port' | 'account' | 'role' | 'scope')
  | ('email' | 'phone' | 'minutes');
/** Every option. */
export type Option = YesOption | TextOption | 'origin';

/** What was typed, by option. */
export type Values = { readonly [O in YesOption]?: boolean } & {
  readonly [O in TextOption]?: string;
} & { readonly origin?: readonly string[] };
