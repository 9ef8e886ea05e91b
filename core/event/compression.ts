import { deflateRawSync, inflateRawSync } from 'node:zlib';

export interface Packed {
  readonly compressed: boolean;
  readonly bytes: Uint8Array;
}

// An item or message of up to 1 KB costs the same either way.
const worthwhile = 1024;

// A payload has at most 256 KiB, and a later release may allow more. Bytes that unpack to more than this are damaged.
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
 * The bytes that were packed.
 *
 * @throws Error when compressed bytes are damaged or unpack to more than 4 MiB
 */
export function unpack({ compressed, bytes }: Packed): Uint8Array {
  return compressed ? inflateRawSync(bytes, { maxOutputLength: longest }) : bytes;
}
