import { describe, expect, it } from 'vitest';
import { startReceiver } from '#demo/receiver.ts';
import { createApi } from '#test/support/api.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';
import { waitFor } from '#test/support/wait.ts';

interface Editable {
  readonly Resources: Record<string, unknown>;
}

/** Takes an action out of the policies of one function's role; gives how many policies had it. */
function withoutGrant(template: Editable, functionPrefix: string, action: string): number {
  const granting = Object.entries(template.Resources).filter(([id, resource]) => {
    const text = JSON.stringify(resource);
    return id.startsWith(functionPrefix) && text.includes('"Statement"') && text.includes(`"${action}"`);
  });
  for (const [id, resource] of granting) {
    template.Resources[id] = JSON.parse(
      JSON.stringify(resource).replaceAll(`"${action}"`, '"sqs:ListQueues"'),
    );
  }
  return granting.length;
}

/** An endpoint and an event for it, as far as they get. */
async function drive(stack: LocalStack, url: string): Promise<number> {
  const api = createApi(stack.url, stack.adminToken);
  await api.call('POST', '/api/endpoints', { name: 'all', url, events: ['*'] });
  return (await api.call('POST', '/api/events', { type: 'order.created', payload: {} })).status;
}

describe('taking one grant away', () => {
  it.each([
    ['Hook0Ingest', 'dynamodb:PutItem', 500],
    ['Hook0Ingest', 'dynamodb:GetItem', 500],
    ['Hook0Ingest', 'sqs:SendMessage', 202],
    ['Hook0Api', 'dynamodb:UpdateItem', 202],
    ['Hook0DeliverNormal', 'sqs:ReceiveMessage', 202],
    ['Hook0DeliverNormal', 'dynamodb:Query', 202],
    ['Hook0DeliverNormal', 'dynamodb:PutItem', 202],
    ['Hook0DeliverNormal', 'kms:Decrypt', 202],
    ['Hook0Api', 'kms:GenerateDataKey', 202],
    ['Hook0Rollup', 'dynamodb:GetRecords', 202],
  ])('from %s: %s is denied, and the log says so', async (functionPrefix, action, posted) => {
    const receiver = await startReceiver(() => ({ status: 200 }));
    let granted = 0;
    const stack = await startLocalStack({
      mutateTemplate: (template) => {
        granted = withoutGrant(template, functionPrefix, action);
      },
    });
    try {
      expect(granted).toBeGreaterThan(0);
      expect(await drive(stack, receiver.url)).toBe(posted);
      await waitFor(`a denied ${action}`, async () =>
        stack.logs().some(({ text }) => text.includes('not authorized') && text.includes(action)),
      );
    } finally {
      await stack.stop();
      await receiver.stop();
    }
  });
});
