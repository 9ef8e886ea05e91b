import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Settings } from '../settings/settings.ts';
import { freezeLogicalId } from './resource/raw-resource.ts';
import { removalPolicyOf } from './resource/removal-policy.ts';

/** How long a function that consumes a queue may run. */
export const consumerTimeout = Duration.seconds(45);

// Six timeouts are the minimum that AWS documents, because the time counts from the poller's receive and Lambda may keep
// a batch for a while before it invokes the function.
const visibilityTimeout = Duration.seconds(6 * consumerTimeout.toSeconds());

// A message that was received this often crashes the system and is moved away. Waits by visibility timeout count as
// receives too, so deliver replaces a message that waits often by a new one in time.
const maxReceives = 12;

/** All queues: standard, encrypted by SQS, over TLS only. They keep messages for the longest time that SQS offers. */
export class Queues extends Construct {
  readonly high: Queue;
  readonly normal: Queue;
  readonly low: Queue;
  readonly retry: Queue;
  readonly slow: Queue;
  readonly fanOut: Queue;
  /** Dead deliveries, for operators; the state is in the EventTable. */
  readonly deadLetter: Queue;
  /** Takes the dead letters that "start DLQ redrive" in the SQS console moves, and the steps of tasks. */
  readonly redrive: Queue;
  /** Messages that crash the system. The quarantine function empties it soon. */
  readonly quarantine: Queue;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const create = (name: string, options: { visible?: Duration; deadLetter?: Queue } = {}) => {
      const queue = new Queue(this, name, {
        encryption: QueueEncryption.SQS_MANAGED,
        enforceSSL: true,
        retentionPeriod: Duration.days(14),
        visibilityTimeout: options.visible,
        deadLetterQueue: options.deadLetter && {
          queue: options.deadLetter,
          maxReceiveCount: maxReceives,
        },
        removalPolicy: removalPolicyOf(settings),
      });
      freezeLogicalId(queue, `Hook0${name}Queue`);
      return queue;
    };
    this.quarantine = create('Quarantine', { visible: visibilityTimeout });
    this.deadLetter = create('DeadLetter');
    const consumed = { visible: visibilityTimeout, deadLetter: this.quarantine };
    this.high = create('High', consumed);
    this.normal = create('Normal', consumed);
    this.low = create('Low', {
      ...consumed,
      // Messages that wait to share an invocation are already received.
      visible: visibilityTimeout.plus(Duration.seconds(settings.lowBatchWindow)),
    });
    this.retry = create('Retry', consumed);
    this.slow = create('Slow', consumed);
    this.fanOut = create('FanOut', consumed);
    // The console moves messages only out of a queue that is the DLQ of another one, which this makes the dead-letter queue.
    this.redrive = create('Redrive', { visible: visibilityTimeout, deadLetter: this.deadLetter });
  }

  /** The queues of first attempts. */
  get priorities(): readonly Queue[] {
    return [this.high, this.normal, this.low];
  }

  get all(): readonly Queue[] {
    const { high, normal, low, retry, slow, fanOut, redrive, deadLetter, quarantine } = this;
    return [high, normal, low, retry, slow, fanOut, redrive, deadLetter, quarantine];
  }
}
