import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { OutOfTime } from '#adapters/aws/deadline.ts';
import { encodeMessage } from '#core/message/codec.ts';
import type { Message } from '#core/message/message.ts';
import { type Entry, toBatches } from './batches.ts';

/** A message on its way to the queue. */
export interface QueuedMessage {
  readonly body: Message;
  /** The fairness group: no group's backlog delays another's. */
  readonly groupId: string;
  /** Whole seconds, 0 (default) to 900. */
  readonly delaySeconds?: number;
}

export interface Queue {
  /**
   * Sends messages, as many to a call as SQS takes. Those that SQS refuses are tried again, each alone.
   *
   * @returns the indexes of those that it still refused, ascending, and why the last of them was, for a log; all
   * others are durably queued. Never rejects.
   */
  send(messages: readonly QueuedMessage[]): Promise<SendResult>;
  /** Makes a received message unseen for so many seconds from now: whole ones, 1 to 43,200 (12 hours). */
  changeVisibility(receiptHandle: string, seconds: number): Promise<void>;
}

export interface SendResult {
  readonly failed: number[];
  readonly cause?: unknown;
}

export interface QueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** In [0, 1), for jitter; default `Math.random`. */
  readonly random?: () => number;
}

interface Refused {
  readonly entry: Entry;
  readonly cause: unknown;
}

// One in a batch and two alone: together with the SDK's own, enough for a passing failure, and still an answer
// in time for a caller that waits.
const triesAlone = 2;
const longestPause = 100;
// So many calls at a time: a fan-out of a thousand messages takes a few round trips and no flood of sockets.
const callsAtATime = 10;
const longestVisibility = 12 * 60 * 60;

export function createQueue({ client, queueUrl, random = Math.random }: QueueOptions): Queue {
  const sendOnce = async (entries: readonly Entry[]): Promise<readonly Refused[]> => {
    try {
      const { Successful = [], Failed = [] } = await client.send(
        new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries.map(toRequest) }),
      );
      // What was not said to have succeeded has failed, whether it is listed as that or not.
      const sent = new Set(Successful.map(({ Id }) => Id));
      const refused = entries.filter(({ index }) => !sent.has(String(index)));
      return refused.map((entry) => ({ entry, cause: refusal(Failed, entry) }));
    } catch (cause) {
      // Whatever went wrong, none of them is known to be queued.
      return entries.map((entry) => ({ entry, cause }));
    }
  };

  const sendAlone = async (first: Refused): Promise<readonly Refused[]> => {
    let refused: readonly Refused[] = [first];
    for (let tries = 0; refused.length > 0 && tries < triesAlone; tries += 1) {
      if (refused.every(({ cause }) => cause instanceof OutOfTime)) return refused;
      await sleep(random() * longestPause * 2 ** tries);
      refused = await sendOnce([first.entry]);
    }
    return refused;
  };

  return {
    async send(messages) {
      const entries = messages.map(({ body, groupId, delaySeconds }, index) => ({
        index,
        body: encodeMessage(body),
        groupId,
        delaySeconds: delaySeconds ?? 0,
      }));
      const refused = await inTurns(toBatches(entries), sendOnce);
      const failed = await inTurns(refused, sendAlone);
      const last = failed.at(-1);
      const indexes = failed.map(({ entry }) => entry.index).toSorted((a, b) => a - b);
      return { failed: indexes, ...(last ? { cause: last.cause } : {}) };
    },

    async changeVisibility(receiptHandle, seconds) {
      // Zero would make the message visible at once, which some emulators cannot do and nobody here wants.
      const VisibilityTimeout = Math.min(longestVisibility, Math.max(1, Math.ceil(seconds)));
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout,
        }),
      );
    },
  };
}

const toRequest = ({ index, body, groupId, delaySeconds }: Entry): SendMessageBatchRequestEntry => ({
  Id: String(index),
  MessageBody: body,
  MessageGroupId: groupId,
  // Zero is said too: without it the queue's own default delay would apply.
  DelaySeconds: delaySeconds,
});

function refusal(failed: readonly BatchResultErrorEntry[], entry: Entry): Error {
  const { Code = 'none', Message = 'it was neither sent nor refused' } =
    failed.find(({ Id }) => Id === String(entry.index)) ?? {};
  return new Error(`SQS refused an entry: ${Message} (code ${Code})`);
}

/** Runs `work` over all items, a few at a time, and joins what it returns. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += callsAtATime) {
    const turn = await Promise.all(items.slice(from, from + callsAtATime).map(work));
    results.push(...turn.flat());
  }
  return results;
}
