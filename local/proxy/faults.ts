import type { Call, CallResult } from './call.ts';

/**
 * What goes wrong:
 * - `throttle`: the service's own throttling error, nothing is forwarded
 * - `unavailable`: the service's own 5xx, nothing is forwarded
 * - `timeout`: nothing is forwarded and nobody ever answers; the caller must give up
 * - `drop-response`: the engine does the work, then the connection is cut
 * - `partial-batch`: some entries come back as failed or unprocessed and are not forwarded
 * - an object: that error, nothing is forwarded
 */
export type FaultKind =
  | 'throttle'
  | 'unavailable'
  | 'timeout'
  | 'drop-response'
  | 'partial-batch'
  | { readonly statusCode: number; readonly type: string; readonly message: string };

export interface Fault {
  readonly match: (call: Call) => boolean;
  /** How many calls it hits before it is spent. @default - every call until it is removed */
  readonly times?: number;
  readonly kind: FaultKind;
  /** `partial-batch` only: which entries (by position) fail. @default - every second one, the first included */
  readonly entry?: (index: number) => boolean;
}

export interface FaultHandle {
  /** Calls hit so far. */
  readonly hits: number;
  remove(): void;
}

/** Sees every call; what it returns is awaited, so that a test can stop the world at a call. */
export interface CallObserver {
  readonly before?: (call: Call) => void | Promise<void>;
  readonly after?: (call: Call, result: CallResult) => void | Promise<void>;
}

export interface Faults {
  add(fault: Fault): FaultHandle;
  observe(observer: CallObserver): { remove(): void };
  /** Removes all faults and observers. */
  clear(): void;
}
