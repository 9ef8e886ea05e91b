import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { OutOfTime } from '#adapters/aws/deadline.ts';
import { inTurns } from '#core/concurrency/concurrency.ts';
import { joined } from '#core/concurrency/joined.ts';
import { longestQueueDelay, type Outgoing } from '#core/delivery/dispatch.ts';
import { decodeMessage, encodeMessage } from '#core/message/codec.ts';
import type { Message } from '#core/message/message.ts';

interface QueueOptions {
  /** For messages that may be first ones a client without retries of its own. */
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** In [0, 1), for jitter; default `Math.random`. */
  readonly random?: () => number;
}

/** A message of ours, or a text that is sent as it is. SQS does not tell the group of every message that it hands over. */
type Sendable = Omit<Outgoing<Message | string>, 'groupId'> & { readonly groupId?: string | undefined };

// SQS's limits of one SendMessageBatch call.
const entriesPerCall = 10;
const bytesPerCall = 1024 * 1024;
// After one or two tries in a batch, each with the client's own: enough for a passing failure, and short enough for a
// caller that waits.
const triesAlone = 2;
const longestPause = 100;
// A fan-out of a thousand messages takes a few round trips, and opens no more sockets than these.
const callsAtATime = 10;

interface Refused {
  readonly entry: SendMessageBatchRequestEntry;
  readonly cause: unknown;
}

/**
 * Makes a function that sends messages to a queue, as many to a call as SQS takes. Messages that SQS refuses are tried
 * again: together if all of a call are refused, and then each alone. SQS may have taken a message although its answer was
 * lost, so from the second try on no message says that it is the first one of its delivery. It never rejects.
 *
 * @returns the indexes of the messages that SQS still refused, ascending, and why it refused the last of them; all
 * others are durably queued
 */
export function createSend({ client, queueUrl, random = Math.random }: QueueOptions) {
  async function sendOnce(Entries: SendMessageBatchRequestEntry[]): Promise<readonly Refused[]> {
    try {
      const { Successful = [], Failed = [] } = await client.send(
        new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
      );
      // An entry that SQS lists neither as sent nor as failed has failed.
      const sent = new Set(Successful.map(({ Id }) => Id));
      const refused = Entries.filter(({ Id }) => !sent.has(Id));
      return refused.map((entry) => ({ entry, cause: refusal(Failed, entry) }));
    } catch (cause) {
      return Entries.map((entry) => ({ entry, cause }));
    }
  }

  const pause = (tries: number): Promise<void> => sleep(random() * longestPause * 2 ** tries);

  async function sendBatch(batch: SendMessageBatchRequestEntry[]): Promise<readonly Refused[]> {
    const refused = await sendOnce(batch);
    if (batch.length === 1 || refused.length < batch.length || isHopeless(refused)) return refused;
    await pause(0);
    return sendOnce(batch.map(again));
  }

  async function sendAlone(first: Refused): Promise<readonly Refused[]> {
    let refused: readonly Refused[] = [first];
    for (let tries = 0; refused.length > 0 && tries < triesAlone; tries += 1) {
      if (isHopeless(refused)) return refused;
      await pause(tries);
      refused = await sendOnce([again(first.entry)]);
    }
    return refused;
  }

  return async (
    messages: readonly Sendable[],
  ): Promise<{ readonly failed: readonly number[]; readonly cause?: unknown }> => {
    const refused = await inTurns(toBatches(messages.map(toEntry)), callsAtATime, sendBatch);
    const failed = (await inTurns(refused.flat(), callsAtATime, sendAlone)).flat();
    const indexes = failed.map(({ entry }) => Number(entry.Id)).toSorted((a, b) => a - b);
    return { failed: indexes, cause: failed.at(-1)?.cause };
  };
}

/**
 * Makes a function that sends one message, for callers who cannot go on without it. Messages that are sent together
 * share a call. It rejects when the queue refuses the message, with SQS's reason as the cause.
 */
export function createSendOne(options: QueueOptions): (message: Sendable) => Promise<void> {
  const send = createSend(options);
  const sendTogether = joined(
    () => 'all',
    entriesPerCall,
    async (messages: readonly Sendable[]) => {
      const { failed, cause } = await send(messages);
      return messages.map((_, index) => ({ isRefused: failed.includes(index), cause }));
    },
  );
  return async (message) => {
    const { isRefused, cause } = await sendTogether(message);
    if (isRefused) throw new Error(`the queue refused ${described(message.body)}`, { cause });
  };
}

/** Groups entries, in order, into as few calls as SQS's limits allow. One that is too large stands alone. */
export function toBatches<Entry extends { readonly MessageBody: string | undefined }>(
  entries: readonly Entry[],
): Entry[][] {
  const batches: Entry[][] = [];
  let batch: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.MessageBody ?? '');
    if (batch.length > 0 && (batch.length === entriesPerCall || bytes + size > bytesPerCall)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(entry);
    bytes += size;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}

const toEntry = ({ body, groupId, delay }: Sendable, index: number): SendMessageBatchRequestEntry => ({
  Id: String(index),
  MessageBody: typeof body === 'string' ? body : encodeMessage(body),
  MessageGroupId: groupId,
  // Rounded up, so that nothing is early. Zero is sent too, because otherwise the queue's own delay would apply.
  DelaySeconds: Math.ceil(Math.min(longestQueueDelay, Math.max(0, delay)) / 1_000),
});

/** The same entry, sent once more. */
function again(entry: SendMessageBatchRequestEntry): SendMessageBatchRequestEntry {
  const message = decodeMessage(entry.MessageBody ?? '');
  if (message.kind !== 'delivery' || !message.first) return entry;
  return { ...entry, MessageBody: encodeMessage({ ...message, first: false }) };
}

const isHopeless = (refused: readonly Refused[]): boolean =>
  refused.every(({ cause }) => cause instanceof OutOfTime);

function refusal(failed: readonly BatchResultErrorEntry[], entry: SendMessageBatchRequestEntry): Error {
  const { Code = 'none', Message = 'it was neither sent nor refused' } =
    failed.find(({ Id }) => Id === entry.Id) ?? {};
  return new Error(`SQS refused an entry: ${Message} (code ${Code})`);
}

const described = (body: Message | string): string => {
  if (typeof body === 'string') return 'a message';
  return 'eventId' in body ? `the ${body.kind} message of ${body.eventId}` : `a ${body.kind} message`;
};
