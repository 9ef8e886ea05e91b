import type { ReceivedMessage } from '#core/message/received.ts';

/** A message as a queue delivers it. */
export const receivedOf = (body: string, receiveCount = 1): ReceivedMessage => ({
  body,
  receiptHandle: 'receipt',
  receiveCount,
});
