import type { RequestResult } from '#core/attempt/outcome.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { checkEvery, shouldPreempt, slowAfter, slowMark } from '#core/slow-endpoint/slow-endpoint.ts';
import type { QueueClass } from './env.ts';

/** What is done about endpoints that do not answer. */
export interface SlowEndpointPorts {
  readonly queueClass: QueueClass;
  now(): number;
  /** Calls back after so many milliseconds unless stopped before; returns what stops it. */
  after(delay: number, ring: () => void): () => void;
  /** Marks an endpoint as suspect, or keeps it so; never rejects. */
  markSlow(endpointId: string): Promise<void>;
  /** About how many messages wait in the queue that this function consumes; never rejects, 0 when nobody knows. */
  waiting(): Promise<number>;
}

export interface Watched {
  /** Undefined when the request was cut off to make room for others: it says nothing of the endpoint. */
  readonly result: RequestResult | undefined;
  /** Resolves when the endpoint is marked, if it was slow. To be awaited, since a function freezes at its end. */
  readonly marked: Promise<void>;
}

/**
 * Makes a request and looks after it: an endpoint that has not answered after a second becomes suspect, and while it
 * hangs and others wait for its place, it is cut off. In the slow queue it has all its time.
 */
export async function watched(
  { endpoint, slowUntil }: EndpointRecord,
  request: (signal: AbortSignal) => Promise<RequestResult>,
  ports: SlowEndpointPorts,
): Promise<Watched> {
  const cut = new AbortController();
  const marks: Promise<void>[] = [];
  let isSlow = false;
  let isOver = false;
  let looks = 0;
  let stopLooking: (() => void) | undefined;

  const mark = (): void => {
    if (slowMark(slowUntil, ports.now()) !== undefined) marks.push(ports.markSlow(endpoint.id));
  };
  const stopTiming = ports.after(slowAfter, () => {
    isSlow = true;
    mark();
  });
  const look = async (): Promise<void> => {
    looks += 1;
    const waiting = await ports.waiting();
    if (isOver) return;
    if (shouldPreempt(waiting, looks)) cut.abort();
    else lookLater();
  };
  const lookLater = (): void => {
    stopLooking = ports.after(checkEvery, () => void look());
  };
  if (ports.queueClass !== 'slow') lookLater();

  try {
    const result = await request(cut.signal);
    // Again: the mark of half a minute ago would be over before the next attempt.
    if (isSlow) mark();
    const marked = Promise.all(marks).then(() => undefined);
    // An answer that came in the last moment is one.
    return { result: cut.signal.aborted && result.kind === 'failed' ? undefined : result, marked };
  } finally {
    isOver = true;
    stopTiming();
    stopLooking?.();
  }
}
