import type { AwsCall } from '#local/aws-protocol/call.ts';
import type { Fault } from '#local/faults/faults.ts';

/** Calls that one kind of function makes, e.g. `Hook0Ingest`. */
export const by =
  (functionPrefix: string, matches: Fault['match']): Fault['match'] =>
  (call) =>
    call.principal.startsWith(functionPrefix) && matches(call);

/** Writes of items whose partition key starts with this. */
export const puts =
  (partition: string): Fault['match'] =>
  (call) =>
    call.action === 'PutItem' && JSON.stringify(call.input.Item).includes(`"pk":{"S":"${partition}`);

/** Reads of items whose partition key starts with this. */
export const gets =
  (partition: string): Fault['match'] =>
  (call) =>
    call.action === 'GetItem' && JSON.stringify(call.input.Key).includes(`"pk":{"S":"${partition}`);

export const action =
  (...names: readonly string[]): Fault['match'] =>
  ({ action: name }: AwsCall) =>
    names.includes(name);

/** The number of tries that an SDK makes of a call: the caller sees only a fault that hits them all. */
export const allTries = 3;

/** Calls whose input contains a text. */
export const mentions =
  (text: string): Fault['match'] =>
  (call) =>
    JSON.stringify(call.input).includes(text.replaceAll('"', '\\"')) ||
    JSON.stringify(call.input).includes(text);
