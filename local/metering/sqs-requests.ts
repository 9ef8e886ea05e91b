import type { Answer } from '../aws-protocol/answer.ts';
import type { Call } from '../aws-protocol/call.ts';
import { asList, asObject, asText, isObject } from '../json/json.ts';

const chunk = 64 * 1024;

/**
 * SQS requests as billed: one for each started 64 KB of payload, at least one.
 * A payload is the bodies and attributes that were sent, or received.
 */
export function billedRequests(call: Call, requestBytes: number, answer: Answer): number {
  const receives = call.action === 'ReceiveMessage';
  // The JSON around a payload only adds to it: below one chunk there is nothing to count.
  if ((receives ? answer.body.length : requestBytes) <= chunk) return 1;
  return Math.max(1, Math.ceil((receives ? receivedBytes(answer) : sentBytes(call)) / chunk));
}

function sentBytes(call: Call): number {
  const { Entries, MessageBody } = call.input;
  const messages = MessageBody === undefined ? asList(Entries) : [call.input];
  return messages.reduce<number>((sum, message) => sum + messageBytes(message, 'MessageBody'), 0);
}

function receivedBytes(answer: Answer): number {
  const output: unknown = JSON.parse(answer.body.toString());
  const messages = asList(asObject(output).Messages);
  return messages.reduce<number>((sum, message) => sum + messageBytes(message, 'Body'), 0);
}

function messageBytes(message: unknown, body: string): number {
  if (!isObject(message)) return 0;
  const attributes = isObject(message.MessageAttributes) ? Object.entries(message.MessageAttributes) : [];
  return attributes.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + attributeBytes(value),
    Buffer.byteLength(asText(message[body]) ?? ''),
  );
}

function attributeBytes(attribute: unknown): number {
  if (!isObject(attribute)) return 0;
  const { BinaryValue, DataType, StringValue } = attribute;
  return (
    Buffer.byteLength(asText(DataType) ?? '') +
    Buffer.byteLength(asText(StringValue) ?? '') +
    Buffer.byteLength(asText(BinaryValue) ?? '', 'base64')
  );
}
