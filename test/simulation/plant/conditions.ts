import type { Call, Fault, FaultPlan, Life } from './faults.ts';
import { longestVisible, type Pick, type Queued, type QueueName } from './queues.ts';

/** What a plant runs under. Tests change it as they like, at any time. */
export class Conditions {
  faults: FaultPlan = () => undefined;
  /** Hears each call that was done with its answer, also when the function does not get that answer. */
  onEffect: (call: Call, result: unknown, life: Life) => void = () => undefined;
  /** Hears each call before it is made, and what is about to go wrong with it. */
  onCall: (call: Call, life: Life, fault: Fault | undefined) => void = () => undefined;
  /** Hears the end of the work on a message, and what it failed with. */
  onHandled: (life: Life, error?: unknown) => void = () => undefined;
  /** Hears each message that is received. */
  onReceive: (message: Queued) => void = () => undefined;
  /** Told after each wait within a function. */
  onWake: () => void = () => undefined;
  /** Milliseconds that a call takes. */
  callTime: (call: Call, life: Life) => number = () => 0;
  /** Milliseconds after which an invocation of the function is ended. */
  timeLimit: (by: string) => number = () => Number.POSITIVE_INFINITY;
  /** Whether a function freezes at its end, so that what it began and did not await never goes on. */
  freezes = () => false;
  /** Whether Lambda has no room for a function, so that the received messages wait for their visibility timeout. */
  throttles: (queue: QueueName) => boolean = () => false;
  /** Whether the poller invokes the function twice with the same messages. */
  pollerRepeats = () => false;
  /** Milliseconds after which the queue delivers a received message once more, whatever becomes of it. */
  comesAgain: (message: Queued) => number | undefined = () => undefined;
  /** How often the scheduler is invoked at a minute. */
  ticksAtOnce = () => 1;
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
  /** Whether deliveries that were lost or forgotten are looked for, which takes a day. */
  hasReconcile = true;
  /** Messages of others that wait in each queue. */
  othersWaiting = 0;
}
