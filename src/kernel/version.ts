/** Version of this package: what a shop's devices tell its server. */
export const VERSION = '0.1.0';
