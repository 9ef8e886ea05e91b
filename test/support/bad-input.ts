import { expect } from 'vitest';
import { type Answer, anEndpoint, startApi } from './api-function.ts';
import type { TestDatabase } from './dynamodb.ts';

/** To be sent wherever a secret may stand, and never to be seen in an answer. */
export const secret = 'sk_live_do_not_echo_me_1234567890';

/** What every refusal promises, whatever it is about. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.body).toMatchObject({ status, code, type: `urn:hook0:problem:${code}` });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.body.title).toMatch(/\w/);
  expect(answer.body.detail).toMatch(/\w/);
  expect(answer.body.requestId).toBe(answer.headers['x-request-id']);
  expect(answer.text).not.toMatch(/\bat .*\.(?:ts|js):\d|node_modules|Error:/);
  expect(answer.text).not.toContain(secret);
  expect(answer.text.length).toBeLessThan(16_384);
}

/** The API with one endpoint, which nothing that is refused may change. */
export async function startWithEndpoint(database: TestDatabase) {
  const started = Date.now();
  const api = await startApi(database, { now: () => started });
  const made = await api.call('POST /api/endpoints', {
    body: { ...anEndpoint, security: { secret: 'a-standing-secret' } },
  });
  const endpointId: string = made.body.id;
  const expectNothingWritten = async (): Promise<void> => {
    const { body } = await api.call('GET /api/endpoints?limit=100');
    expect(body.data).toEqual([made.body]);
    expect(api.logged).toEqual([]);
  };
  return { api, endpointId, expectNothingWritten };
}
