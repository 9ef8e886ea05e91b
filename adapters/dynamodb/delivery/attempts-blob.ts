import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { Attempt } from '#core/delivery/delivery.ts';

const attempts = z.array(
  z.object({
    number: z.number(),
    generation: z.number(),
    startedAt: z.number(),
    duration: z.number(),
    success: z.boolean(),
    statusCode: z.optional(z.number()),
    responseHeaders: z.optional(z.record(z.string(), z.string())),
    responseBody: z.optional(z.string()),
    errorClass: z.optional(z.string()),
    error: z.optional(z.string()),
    retryable: z.boolean(),
    nextAttemptAt: z.optional(z.number()),
  }),
);

// Twenty attempts with five full answers stay far below it, so that more is an attack on the memory.
const longest = 4 * 1024 * 1024;

/** A delivery's attempts in few bytes. */
export const packAttempts = (history: readonly Attempt[]): Uint8Array =>
  deflateRawSync(JSON.stringify(history));

/** @throws Error when the bytes are damaged or are not attempts */
export function unpackAttempts(blob: Uint8Array): Attempt[] {
  const text = inflateRawSync(blob, { maxOutputLength: longest }).toString();
  return attempts.parse(JSON.parse(text));
}
