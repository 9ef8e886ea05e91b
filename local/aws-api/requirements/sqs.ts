import type { AwsCall } from '../../aws-protocol/call.ts';
import type { AuthorizationRequest } from '../../iam/evaluate.ts';
import { asText } from '../../json/json.ts';
import { queueArn, roleArn } from '../../template/names.ts';
import { sourceOfTask } from '../services/move-task.ts';
import { requestContext } from './context.ts';

/** Permissions by action. A batch needs the permission of one entry (service authorization reference). */
const permissions: ReadonlyMap<string, string> = new Map([
  ...[
    'ChangeMessageVisibility',
    'CreateQueue',
    'DeleteMessage',
    'DeleteQueue',
    'GetQueueAttributes',
    'GetQueueUrl',
    'ListQueueTags',
    'ListQueues',
    'PurgeQueue',
    'ReceiveMessage',
    'SendMessage',
    'SetQueueAttributes',
    'TagQueue',
    'UntagQueue',
    'CancelMessageMoveTask',
    'ListMessageMoveTasks',
  ].map((action) => [action, action] as const),
  ['SendMessageBatch', 'SendMessage'],
  ['DeleteMessageBatch', 'DeleteMessage'],
  ['ChangeMessageVisibilityBatch', 'ChangeMessageVisibility'],
]);

// The caller that starts a move needs the permissions for each step of the move.
const moveSourcePermissions = [
  'StartMessageMoveTask',
  'ReceiveMessage',
  'DeleteMessage',
  'GetQueueAttributes',
];

/** The permissions that AWS checks for an SQS call. Undefined for an action that the local run does not know. */
export function sqsRequirements(call: AwsCall): readonly AuthorizationRequest[] | undefined {
  const { input, principal } = call;
  const ask = (action: string, resource: string): AuthorizationRequest => ({
    action: `sqs:${action}`,
    resource,
    context: requestContext(principal, {}),
    principalArn: roleArn(principal),
  });
  if (call.action === 'StartMessageMoveTask') {
    const destination = asText(input.DestinationArn);
    const source = asText(input.SourceArn) ?? '*';
    return [
      ...moveSourcePermissions.map((action) => ask(action, source)),
      ...(destination === undefined ? [] : [ask('SendMessage', destination)]),
    ];
  }
  const permission = permissions.get(call.action);
  if (permission === undefined) return undefined;
  const handle = asText(input.TaskHandle);
  const resource =
    asText(input.SourceArn) ?? (handle === undefined ? queueOf(call) : (sourceOfTask(handle) ?? '*'));
  return [ask(permission, resource)];
}

function queueOf(call: AwsCall): string {
  const { QueueName, QueueUrl } = call.input;
  const name = asText(QueueName) ?? asText(QueueUrl)?.split('/').at(-1);
  return name === undefined ? '*' : queueArn(name);
}
