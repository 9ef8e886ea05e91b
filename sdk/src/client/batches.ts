import type { BatchResult } from './types.ts';

/** The API accepts so many events in one request. */
const mostEvents = 100;
/**
 * Lambda receives a body as a JSON string, in which quotes and backslashes take twice their size, and takes 6 MB. So a
 * body of this size always fits.
 */
export const mostBytes = 2_500_000;

const emptyBody = '{"events":[]}'.length;
const encoder = new TextEncoder();
export const byteLength = (text: string): number => encoder.encode(text).length;

/** Cuts events, each written as JSON, into as few requests as possible, in order. */
export function batchesOf(events: readonly string[]): (readonly string[])[] {
  const batches: string[][] = [];
  let last: string[] = [];
  let bytes = 0;
  for (const event of events) {
    // One more for the comma.
    const size = byteLength(event) + 1;
    if (last.length === 0 || last.length === mostEvents || bytes + size > mostBytes) {
      last = [];
      bytes = emptyBody;
      batches.push(last);
    }
    last.push(event);
    bytes += size;
  }
  return batches;
}

/**
 * The result of an event of a later request, whose refusal names the event by its index among all.
 *
 * @param first - the index of the request's first event among all
 */
export function withIndexAmongAll(result: BatchResult, first: number): BatchResult {
  if (result.success) return result;
  const moved = (text: string): string =>
    text.replace(/^events\[(\d+)\]/, (_, index) => `events[${Number(index) + first}]`);
  const { field, errors, ...error } = result.error;
  return {
    success: false,
    error: {
      ...error,
      detail: moved(error.detail),
      ...(field === undefined ? {} : { field: moved(field) }),
      ...(errors === undefined ? {} : { errors: errors.map((one) => ({ ...one, field: moved(one.field) })) }),
    },
  };
}
