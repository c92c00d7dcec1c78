import { isModel } from './check-model.js';
import { decodeModel } from './decode-model.js';
import { decodeRanker } from './decode-ranker.js';
import type { Ranker } from './rank-types.js';
import type { CatalogModel } from './types.js';

/** A file, or a way to it. */
export type FileSource = Uint8Array | (() => Promise<Uint8Array | ArrayBuffer | Response>);

/** The model that was given, or that lies in the bytes. */
export async function readModel(model: CatalogModel | FileSource): Promise<CatalogModel> {
  const given = typeof model === 'function' ? await model() : model;
  return isModel(given) ? given : decodeModel(await bytesOf(given));
}

/** The ranker that was given, or that lies in the bytes. */
export async function readRanker(ranker: Ranker | FileSource): Promise<Ranker> {
  const given = typeof ranker === 'function' ? await ranker() : ranker;
  if ('rescore' in given && typeof given.rescore === 'function') return given;
  return decodeRanker(await bytesOf(given as Uint8Array));
}

// An answer that is an error page is neither, and its decoder says so.
async function bytesOf(
  given: Uint8Array | ArrayBuffer | Response,
): Promise<Uint8Array | ArrayBuffer> {
  return 'arrayBuffer' in given ? given.arrayBuffer() : given;
}
