import type { AwsAnswer } from '../aws-protocol/answer.ts';
import type { AwsCall } from '../aws-protocol/call.ts';
import { asList, asObject, asText } from '../json/json.ts';

const chunk = 64 * 1024;

/**
 * Billed requests of an SQS call: one for each started 64 KB of payload, at least one.
 * The payload is the bodies and attributes that the call sends or receives.
 */
export function billedRequests(call: AwsCall, requestBytes: number, answer: AwsAnswer): number {
  const receives = call.action === 'ReceiveMessage';
  // The JSON around a payload adds to it, so the payload of a small body needs no count.
  if ((receives ? answer.body.length : requestBytes) <= chunk) return 1;
  return Math.max(1, Math.ceil((receives ? receivedBytes(answer) : sentBytes(call)) / chunk));
}

function sentBytes(call: AwsCall): number {
  const { Entries, MessageBody } = call.input;
  const messages = MessageBody === undefined ? asList(Entries) : [call.input];
  return messages.reduce<number>((sum, message) => sum + messageBytes(message, 'MessageBody'), 0);
}

function receivedBytes(answer: AwsAnswer): number {
  const messages = asList(asObject(JSON.parse(answer.body.toString())).Messages);
  return messages.reduce<number>((sum, message) => sum + messageBytes(message, 'Body'), 0);
}

function messageBytes(message: unknown, body: string): number {
  const { MessageAttributes, [body]: text } = asObject(message);
  return Object.entries(asObject(MessageAttributes)).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + attributeBytes(value),
    Buffer.byteLength(asText(text) ?? ''),
  );
}

function attributeBytes(attribute: unknown): number {
  const { BinaryValue, DataType, StringValue } = asObject(attribute);
  return (
    Buffer.byteLength(asText(DataType) ?? '') +
    Buffer.byteLength(asText(StringValue) ?? '') +
    Buffer.byteLength(asText(BinaryValue) ?? '', 'base64')
  );
}
