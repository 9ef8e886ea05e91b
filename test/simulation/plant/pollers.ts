import { errorDelay } from '#core/message/delays.ts';
import type { Conditions } from './conditions.ts';
import { consume, consumerOf } from './functions/consume.ts';
import { type Queued, type QueueName, type Queues, queueNames } from './queues.ts';
import { type Ground, type Services, servicesOf } from './services.ts';

interface Host extends Conditions, Ground {
  readonly random: Conditions['random'];
  readonly timeLimit: Conditions['timeLimit'];
  readonly queues: Queues;
  /** Runs a function once; never rejects. */
  live(by: string, work: (services: Services) => Promise<unknown>): Promise<void>;
}

/** The pollers of Lambda: they receive messages, invoke the function of the queue, and delete what it has handled. */
export class Pollers {
  private readonly plant: Host;
  private readonly runningOf = new Map<QueueName, number>();

  constructor(plant: Host) {
    this.plant = plant;
  }

  /** The queue whose message waits for longest among those that a function is free for. */
  nextQueue(): QueueName | undefined {
    const { queues, slots } = this.plant;
    let next: QueueName | undefined;
    for (const queue of queueNames) {
      const isFree = (this.runningOf.get(queue) ?? 0) < (slots[queue] ?? Number.POSITIVE_INFINITY);
      if (queue === 'dead-letter' || !isFree || queues.waiting(queue) === 0) continue;
      if (next === undefined || queues.visibleSince(queue) < queues.visibleSince(next)) next = queue;
    }
    return next;
  }

  async consume(queue: QueueName): Promise<void> {
    const { plant } = this;
    const batch: Queued[] = [];
    for (let message = this.take(queue); message; message = this.take(queue)) {
      batch.push(message);
      if (batch.length === plant.batchSize) break;
    }
    if (plant.throttles(queue)) {
      for (const message of batch) plant.queues.land(message);
      return;
    }
    const isRepeated = plant.pollerRepeats();
    for (const message of batch) message.isHandledTwice = isRepeated;
    await Promise.all([this.invoke(queue, batch), ...(isRepeated ? [this.invoke(queue, batch)] : [])]);
  }

  private async invoke(queue: QueueName, batch: readonly Queued[]): Promise<void> {
    this.runningOf.set(queue, (this.runningOf.get(queue) ?? 0) + 1);
    await this.plant.live(consumerOf(queue), ({ life, skew }) =>
      Promise.all(
        batch.map((message) => this.handle(servicesOf(this.plant, life.handling(message), skew), message)),
      ),
    );
    this.runningOf.set(queue, (this.runningOf.get(queue) ?? 1) - 1);
  }

  private take(queue: QueueName): Queued | undefined {
    const { plant } = this;
    const message = plant.queues.receive(queue, plant.pick);
    if (!message) return undefined;
    plant.onReceive(message);
    const again = plant.comesAgain(message);
    if (again !== undefined) plant.queues.repeat(message, again);
    return message;
  }

  /** As the function's handler and Lambda do it together: no message's failure is that of another one. */
  private async handle(services: Services, message: Queued): Promise<void> {
    const { plant } = this;
    const { life } = services;
    let failure: unknown;
    try {
      if ((await consume(services, message)) === 'keep') return;
      const call = { by: 'lambda', name: 'acknowledge', args: [] };
      await plant.effect(life, call, () => plant.queues.delete(message));
    } catch (error) {
      failure = error;
      plant.errors.push(error);
      if (!life.isOver) plant.queues.postpone(message, errorDelay(message.receives));
    } finally {
      plant.queues.land(message);
      plant.onHandled(life, failure);
    }
  }
}
