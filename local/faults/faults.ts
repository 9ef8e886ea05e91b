import type { AwsCall, CallResult } from '../aws-protocol/call.ts';

/**
 * What goes wrong:
 * - `throttle`: the service's throttling error; nothing is forwarded
 * - `unavailable`: the service's 5xx; nothing is forwarded
 * - `timeout`: nothing is forwarded and no answer is sent; the caller must give up
 * - `drop-response`: the engine does the work, then the connection is closed
 * - `partial-batch`: some entries fail or stay unprocessed and are not forwarded
 * - an object: this error; nothing is forwarded
 */
export type FaultKind =
  | 'throttle'
  | 'unavailable'
  | 'timeout'
  | 'drop-response'
  | 'partial-batch'
  | { readonly statusCode: number; readonly type: string; readonly message: string };

export interface Fault {
  readonly match: (call: AwsCall) => boolean;
  /** How many calls it hits. @default - every call until it is removed */
  readonly times?: number;
  readonly kind: FaultKind;
  /** `partial-batch` only: which entries (by position) fail. @default - every second one, the first included */
  readonly entry?: (index: number) => boolean;
}

interface FaultHandle {
  /** Calls hit so far. */
  readonly hits: number;
  remove(): void;
}

/** Sees every call. The proxy awaits what it returns, so that a test can hold a call. */
interface CallObserver {
  readonly before?: (call: AwsCall) => void | Promise<void>;
  /** After the engine's work, before the caller receives the answer. */
  readonly after?: (call: AwsCall, result: CallResult) => void | Promise<void>;
}

export interface Faults {
  /** The first fault that matches a call hits it. */
  add(fault: Fault): FaultHandle;
  observe(observer: CallObserver): { remove(): void };
  /** Removes all faults and observers. */
  clear(): void;
}

export interface FaultInjector extends Faults {
  /** Counts and returns the fault that hits this call. */
  next(call: AwsCall): Fault | undefined;
  before(call: AwsCall): Promise<void>;
  after(call: AwsCall, result: CallResult): Promise<void>;
}

export function createFaults(): FaultInjector {
  const active = new Map<Fault, { hits: number }>();
  const observers = new Set<CallObserver>();
  return {
    add: (given) => {
      const fault = { ...given };
      const count = { hits: 0 };
      active.set(fault, count);
      return {
        get hits() {
          return count.hits;
        },
        remove: () => {
          active.delete(fault);
        },
      };
    },
    observe: (given) => {
      const observer = { ...given };
      observers.add(observer);
      return { remove: () => void observers.delete(observer) };
    },
    clear: () => {
      active.clear();
      observers.clear();
    },
    next: (call) => {
      for (const [fault, count] of active) {
        if (!fault.match(call)) continue;
        count.hits += 1;
        if (fault.times !== undefined && count.hits >= fault.times) active.delete(fault);
        return fault;
      }
      return undefined;
    },
    before: async (call) => {
      for (const observer of observers) await observer.before?.(call);
    },
    after: async (call, result) => {
      for (const observer of observers) await observer.after?.(call, result);
    },
  };
}
