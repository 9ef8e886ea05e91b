import type { RequestResult } from '#core/attempt/outcome.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { checkEvery, shouldPreempt, slowAfter, slowMark } from '#core/slow-endpoint/slow-endpoint.ts';
import type { SlowEndpointPorts } from './ports.ts';

interface WatchedRequest {
  /** Undefined when the request was cut off to make room for other deliveries: that says nothing of the endpoint. */
  readonly result: RequestResult | undefined;
  /** Resolves when the endpoint is marked, if it was slow. */
  readonly marked: Promise<void>;
}

/**
 * Makes a request. An endpoint that has not answered after a second is marked as slow. While there is no answer and other
 * messages wait for this function, the request is cut off, except in the slow queue.
 */
export async function watchedRequest(
  { endpoint, slowUntil }: EndpointRecord,
  request: (signal: AbortSignal) => Promise<RequestResult>,
  ports: SlowEndpointPorts,
): Promise<WatchedRequest> {
  const preempt = new AbortController();
  const marks: Promise<void>[] = [];
  let isSlow = false;
  let isOver = false;
  let checks = 0;
  let stopChecking: (() => void) | undefined;

  const mark = (): void => {
    if (slowMark(slowUntil, ports.now()) !== undefined) marks.push(ports.markSlow(endpoint.id));
  };
  const stopTiming = ports.after(slowAfter, () => {
    isSlow = true;
    mark();
  });
  const check = async (): Promise<void> => {
    checks += 1;
    const waiting = await ports.waiting();
    if (isOver) return;
    if (shouldPreempt(waiting, checks)) preempt.abort();
    else checkLater();
  };
  const checkLater = (): void => {
    stopChecking = ports.after(checkEvery, () => void check());
  };
  if (ports.queueClass !== 'slow') checkLater();

  try {
    const result = await request(preempt.signal);
    // Renewed, because the first mark may end before the next attempt.
    if (isSlow) mark();
    const marked = Promise.all(marks).then(() => undefined);
    // An answer that came at the last moment counts.
    return { result: preempt.signal.aborted && result.kind === 'failed' ? undefined : result, marked };
  } finally {
    isOver = true;
    stopTiming();
    stopChecking?.();
  }
}
