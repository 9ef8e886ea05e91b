import { describe, expect, it } from 'vitest';
import { createApi } from '../../local/demo/api.ts';
import { startLocalStack } from '../support/local-stack.ts';
import { waitFor } from '../support/wait.ts';

/** Removes an action from every statement of the policies of one function's role. */
function withoutGrant(
  template: { Resources: Record<string, unknown> },
  functionPrefix: string,
  action: string,
): number {
  let removed = 0;
  for (const [id, resource] of Object.entries(template.Resources)) {
    if (!id.startsWith(functionPrefix)) continue;
    const text = JSON.stringify(resource);
    if (!text.includes('"Statement"') || !text.includes(`"${action}"`)) continue;
    removed += 1;
    template.Resources[id] = JSON.parse(text.replaceAll(`"${action}"`, '"sqs:ListQueues"'));
  }
  return removed;
}

describe("the functions' own policies", () => {
  it('let ingest queue a delivery, and nothing but the grant does', async () => {
    let removed = 0;
    const stack = await startLocalStack({
      mutateTemplate: (template) => {
        removed = withoutGrant(template, 'Hook0Ingest', 'dynamodb:PutItem');
      },
    });
    try {
      expect(removed).toBeGreaterThan(0);
      const api = createApi(stack.url, stack.adminToken);
      const answer = await api.call('POST', '/api/events', { type: 'order.created', payload: {} });
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('AccessDenied');
      await waitFor('the log to say why', async () => JSON.stringify(stack.logs()).includes('AccessDenied'));
    } finally {
      await stack.stop();
    }
  });
});
