import { deflateRawSync, inflateRawSync } from 'node:zlib';

export interface Packed {
  readonly compressed: boolean;
  readonly bytes: Uint8Array;
}

// Below one kilobyte an item or a message costs the same either way, and the work would be for nothing.
const worthwhile = 1024;

// A payload has at most 256 KiB; the rest is room for a release that allows more. Anything beyond is no payload.
const longest = 4 * 1024 * 1024;

/** Compresses more than 1 KB (raw deflate, RFC 1951), unless that would make it longer. */
export function pack(bytes: Uint8Array): Packed {
  if (bytes.length <= worthwhile) return { compressed: false, bytes };
  const deflated = deflateRawSync(bytes);
  return deflated.length < bytes.length
    ? { compressed: true, bytes: deflated }
    : { compressed: false, bytes };
}

/**
 * Exactly the bytes that were packed.
 *
 * @throws Error on compressed bytes that are damaged or stand for more than 4 MiB.
 */
export function unpack({ compressed, bytes }: Packed): Uint8Array {
  return compressed ? inflateRawSync(bytes, { maxOutputLength: longest }) : bytes;
}
