import type { Call, FaultPlan } from './faults.ts';
import { longestVisible, type Pick, type Queued, type QueueName } from './queues.ts';

/** What a plant runs under. Tests change it as they like, at any time. */
export class Conditions {
  faults: FaultPlan = () => undefined;
  /** Hears each call that was done with its answer, also when the function does not get that answer. */
  onEffect: (call: Call, result: unknown) => void = () => undefined;
  /** Hears each message that is received. */
  onReceive: (message: Queued) => void = () => undefined;
  /** Told after each wait within a function. */
  onWake: () => void = () => undefined;
  /** Milliseconds that a call takes. */
  callTime: (call: Call) => number = () => 0;
  random = () => 0.5;
  /** How many invocations run at once, over all functions. */
  atOnce = 1;
  /** How many invocations of a queue's function run at once; none of them for 0. */
  slots: Partial<Record<QueueName, number>> = {};
  batchSize = 1;
  pick: Pick = longestVisible;
  /** Milliseconds by which a function sleeps too long. */
  oversleep = () => 0;
  /** Milliseconds by which the clock of an invocation is ahead. */
  skew = () => 0;
  /** Whether accepted deliveries without an item are looked for, which takes a day. */
  hasReconcile = true;
  /** Messages of others that wait in each queue. */
  othersWaiting = 0;
}
