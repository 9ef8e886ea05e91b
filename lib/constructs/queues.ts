import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { freezeLogicalId } from './raw-resource.ts';

export interface QueuesProps {
  readonly removalPolicy: RemovalPolicy;
  /** Seconds that messages of the low queue may wait, received already, for others to share their invocation. */
  readonly lowBatchWindow: number;
}

/** The longest a function that consumes a queue may run. */
export const consumerTimeout = Duration.seconds(45);

// SQS counts from the poller's receive and Lambda may hold a batch back before it invokes: six timeouts are the
// documented minimum.
const visibilityTimeout = Duration.seconds(6 * consumerTimeout.toSeconds());

// After so many receives a message harms the system itself and goes aside. Waits by visibility count as receives
// as well, so deliver hands a long series of them over to new messages in time.
const maxReceives = 12;

/** All queues: standard, encrypted by SQS, TLS only, messages kept for as long as SQS keeps any. */
export class Queues extends Construct {
  readonly high: Queue;
  readonly normal: Queue;
  readonly low: Queue;
  readonly retry: Queue;
  readonly slow: Queue;
  readonly fanOut: Queue;
  /** Dead deliveries, for people: their state is in the EventTable. */
  readonly deadLetter: Queue;
  /** Where the console's "start DLQ redrive" moves dead letters to, and by which tasks go on. */
  readonly redrive: Queue;
  /** Messages that crash the system itself; empty on a healthy day, and soon again on any other. */
  readonly quarantine: Queue;

  constructor(scope: Construct, id: string, props: QueuesProps) {
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
        removalPolicy: props.removalPolicy,
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
      visible: visibilityTimeout.plus(Duration.seconds(props.lowBatchWindow)),
    });
    this.retry = create('Retry', consumed);
    this.slow = create('Slow', consumed);
    this.fanOut = create('FanOut', consumed);
    // SQS moves messages only out of a queue that is some queue's DLQ: naming it here makes the console's move work.
    this.redrive = create('Redrive', { visible: visibilityTimeout, deadLetter: this.deadLetter });
  }

  get all(): readonly Queue[] {
    const { high, normal, low, retry, slow, fanOut, redrive, deadLetter, quarantine } = this;
    return [high, normal, low, retry, slow, fanOut, redrive, deadLetter, quarantine];
  }
}
