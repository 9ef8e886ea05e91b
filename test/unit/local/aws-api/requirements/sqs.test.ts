import { describe, expect, it } from 'vitest';
import { sqsRequirements } from '#local/aws-api/requirements/sqs.ts';
import { taskHandle } from '#local/aws-api/services/move-task.ts';

describe('the permissions of SQS calls', () => {
  const work = 'arn:aws:sqs:us-east-1:000000000000:work';
  const asks = (action: string, input: object) =>
    sqsRequirements({ principal: 'F', service: 'sqs', action, input: { ...input } })?.map((request) => [
      request.action,
      request.resource,
    ]);

  it.each([
    ['SendMessageBatch', 'sqs:SendMessage'],
    ['DeleteMessageBatch', 'sqs:DeleteMessage'],
    ['ChangeMessageVisibilityBatch', 'sqs:ChangeMessageVisibility'],
    ['ReceiveMessage', 'sqs:ReceiveMessage'],
  ])('%s asks for %s', (action, permission) => {
    expect(asks(action, { QueueUrl: 'http://x/000000000000/work' })).toEqual([[permission, work]]);
  });

  it('asks for all that a move does, and cancels by the source in the handle', () => {
    const destination = work.replace('work', 'redrive');
    const needed = asks('StartMessageMoveTask', { SourceArn: work, DestinationArn: destination });
    expect(needed).toContainEqual(['sqs:ReceiveMessage', work]);
    expect(needed).toContainEqual(['sqs:SendMessage', destination]);
    const TaskHandle = taskHandle('1', work);
    expect(asks('CancelMessageMoveTask', { TaskHandle })).toEqual([['sqs:CancelMessageMoveTask', work]]);
  });

  it('does not know the rest', () => {
    expect(asks('AddPermission', {})).toBeUndefined();
  });
});
