import { beforeAll, expect } from 'vitest';
import { api, apiForAllTests, createEndpoint } from './api-fixture.ts';
import type { Answer } from './api-function.ts';

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

// Imports are live: see api-fixture.ts.
export let endpointId: string;
/** Checks that nothing changed the endpoint, and that nothing was logged. */
export let expectNothingWritten: () => Promise<void>;

/** Starts one API with one endpoint for all tests of the file. Refused requests must not change the endpoint. */
export function apiWithEndpoint(): void {
  const started = Date.now();
  apiForAllTests({ now: () => started });
  beforeAll(async () => {
    const made = await createEndpoint({ security: { secret: 'a-standing-secret' } });
    endpointId = made.id;
    expectNothingWritten = async () => {
      const { body } = await api.call('GET /api/endpoints?limit=100');
      expect(body.data).toEqual([made]);
      expect(api.logged).toEqual([]);
    };
  });
}
