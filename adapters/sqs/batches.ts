/** A message's text and where it stood in what the caller sent. */
export interface Entry {
  readonly index: number;
  /** ASCII, so that its length is its size in bytes. */
  readonly body: string;
  readonly groupId: string;
  readonly delaySeconds: number;
}

// SQS's limits of one SendMessageBatch call.
const entriesPerCall = 10;
const bytesPerCall = 1024 * 1024;

/** Groups entries, in order, into as few calls as SQS's limits allow. One that is too large stands alone. */
export function toBatches<Sized extends Pick<Entry, 'body'>>(entries: readonly Sized[]): Sized[][] {
  const batches: Sized[][] = [];
  let batch: Sized[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const isFull = batch.length === entriesPerCall || bytes + entry.body.length > bytesPerCall;
    if (batch.length > 0 && isFull) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += entry.body.length;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
