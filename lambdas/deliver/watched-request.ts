import type { RequestResult } from '#core/attempt/outcome.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import {
  checkEvery,
  shouldPreempt,
  slowAfter,
  slowMark,
  unsentSlowAfter,
} from '#core/slow-endpoint/slow-endpoint.ts';
import type { SlowEndpointPorts } from './ports.ts';

interface WatchedRequest {
  /** Undefined when the request was cut off to make room for other deliveries: that says nothing of the endpoint. */
  readonly result: RequestResult | undefined;
  /** Resolves when the endpoint is marked, if it was slow. */
  readonly marked: Promise<void>;
}

export interface RequestWatch {
  /** Cuts the request off. */
  readonly signal: AbortSignal;
  /** To be called when the whole request was sent. */
  readonly onSent: () => void;
}

/**
 * Makes a request. An endpoint that has not answered a second after the request was sent is marked as slow, and so is one
 * to which it could not be sent for much longer. While there is no answer and other
 * messages wait for this function, the request is cut off, except in the slow queue.
 */
export async function watchedRequest(
  { endpoint, slowUntil }: EndpointRecord,
  request: (watch: RequestWatch) => Promise<RequestResult>,
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
  const time = (delay: number): (() => void) =>
    ports.after(delay, () => {
      isSlow = true;
      mark();
    });
  let stopTiming = time(unsentSlowAfter);
  const onSent = (): void => {
    stopTiming();
    if (!isOver) stopTiming = time(slowAfter);
  };
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
    const result = await request({ signal: preempt.signal, onSent });
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
