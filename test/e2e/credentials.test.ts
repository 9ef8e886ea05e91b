import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import type { FaultKind } from '#local/faults/faults.ts';
import { createApi } from '#test/support/api.ts';
import { faultyEvents } from '#test/support/faulty-events.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';
import type { LocalStack } from '#test/support/local-stack.ts';
import { by } from '#test/support/stack-faults.ts';
import { dumpTables, storeAsPlainText } from '#test/support/table-dump.ts';
import { waitFor } from '#test/support/wait.ts';

const local = stackOfFile();
const { idOf } = faultyEvents(local.api);

const key = 'a secret of twenty-four!';
const secret = `whsec_${Buffer.from(key).toString('base64')}`;
const older = 'the-secret-before-this-one';
const credential = 'Bearer credential-of-a-receiver';
const hidden = [secret, secret.slice(6), key, older, credential, credential.slice(7)];

afterEach(() => local.stack.proxy.faults.clear());

/** Invokes the bootstrap function as CloudFormation does when a setting has changed, and returns what it answers. */
async function updateDeployment(stack: LocalStack): Promise<unknown> {
  const answered = await testReceiver();
  const invoked = await stack.invoke('Hook0Bootstrap', {
    RequestType: 'Update',
    ResponseURL: answered.url,
    ...{ StackId: 's', RequestId: 'r', LogicalResourceId: 'l' },
  });
  expect(invoked.kind).toBe('result');
  return JSON.parse(String(answered.requests[0]?.body));
}

let applications = 0;

/** An application whose data key no function has unwrapped, and an endpoint of it. */
async function newApplication(headers: object = {}) {
  const id = `tenant${applications++}`;
  await local.api.expect(201, 'POST', '/api/applications', { id, name: id });
  const { token } = await local.api.expect(201, 'POST', '/api/tokens', {
    ...{ applicationId: id, name: 'all', scopes: ['admin'] },
  });
  const api = createApi(local.stack.url, String(token));
  const receiver = await testReceiver();
  const endpoint = { name: 'all', url: receiver.url, events: ['*'], headers, security: { secret: older } };
  return { id, api, receiver, endpoint };
}

const post = async ({ api }: { api: ReturnType<typeof createApi> }) =>
  idOf(await api.call('POST', '/api/events', { type: 'order.created', payload: { n: 1 } }));

describe('signing secrets and credentials in headers', () => {
  it('are in no item of the tables, whatever happens to the endpoint', async () => {
    const tenant = await newApplication({ authorization: credential });
    const { api, receiver } = tenant;
    const { id } = await api.expect(201, 'POST', '/api/endpoints', tenant.endpoint);
    await api.expect(200, 'POST', `/api/endpoints/${id}/rotate-secret`, { secret });
    await api.expect(200, 'PATCH', `/api/endpoints/${id}`, { name: 'renamed' });
    const eventId = await post(tenant);
    const [request] = await receiver.until(({ length }) => length > 0);
    await waitFor('the delivery', async () => {
      const event = await api.expect(200, 'GET', `/api/events/${eventId}`);
      return JSON.stringify(event).includes('"succeeded"');
    });
    await api.expect(202, 'POST', `/api/events/${eventId}/replay`, { endpointIds: [id] });
    await receiver.until(({ length }) => length > 1);
    await api.expect(200, 'POST', `/api/endpoints/${id}/pause`);

    expect(request?.headers.authorization).toBe(credential);
    const headers = request?.headers as Record<string, string>;
    expect(new Webhook(secret).verify(String(request?.body), headers)).toEqual({ n: 1 });
    expect(await api.expect(200, 'GET', `/api/endpoints/${id}/secret`)).toMatchObject({ secret });
    const [dump, logs] = [await dumpTables(local.stack), JSON.stringify(local.stack.logs())];
    expect(dump).toContain(String(id));
    expect(dump).toContain('DATAKEY');
    for (const text of hidden) {
      expect(dump).not.toContain(text);
      expect(dump).not.toContain(Buffer.from(text).toString('base64').replace(/=+$/, ''));
      expect(logs).not.toContain(text);
    }
  });

  it('cost one call of the key service for each instance, not one for each delivery', async () => {
    const tenant = await newApplication();
    await tenant.api.expect(201, 'POST', '/api/endpoints', tenant.endpoint);
    const calls = () =>
      local.stack.proxy.meter.snapshot().filter(({ action }) => action === 'Decrypt').length;
    await post(tenant);
    await tenant.receiver.until(({ length }) => length > 0);
    const before = calls();
    for (let n = 0; n < 20; n += 1) await post(tenant);
    await tenant.receiver.until(({ length }) => length > 20);

    expect(before).toBeGreaterThan(0);
    expect(calls() - before).toBeLessThanOrEqual(5);
  });
});

describe('a deployment that switches encryption on', () => {
  it('encrypts what was stored as plain text, by the functions with their own policies', async () => {
    const tenant = await newApplication({ authorization: credential });
    const { id } = await tenant.api.expect(201, 'POST', '/api/endpoints', tenant.endpoint);
    await storeAsPlainText(local.stack, String(id), { authorization: credential }, older);
    expect(await dumpTables(local.stack)).toContain(older);

    expect(await updateDeployment(local.stack)).toMatchObject({ Status: 'SUCCESS' });

    const dump = await dumpTables(local.stack);
    for (const text of hidden) expect(dump).not.toContain(text);
    await post(tenant);
    const [request] = await tenant.receiver.until(({ length }) => length > 0);
    expect(request?.headers.authorization).toBe(credential);
  });
});

describe('a key service that does not answer well', () => {
  it.each<[string, FaultKind]>([
    ['throttles', 'throttle'],
    ['is down', 'unavailable'],
    ['denies', { statusCode: 400, type: 'AccessDeniedException', message: 'not authorized to kms:Decrypt' }],
    ['has the key disabled', { statusCode: 400, type: 'DisabledException', message: 'disabled' }],
  ])('delays deliveries while it %s, and ends none', async (_, kind) => {
    const tenant = await newApplication();
    await tenant.api.expect(201, 'POST', '/api/endpoints', tenant.endpoint);
    const fault = local.stack.proxy.faults.add({
      match: by('Hook0Deliver', ({ service }) => service === 'kms'),
      kind,
    });
    const eventId = await post(tenant);
    const isLogged = () =>
      local.stack
        .logs()
        .some(({ text }) => text.includes('credentials cannot be read') && text.includes(eventId));
    await waitFor('the delay', async () => isLogged());
    expect(fault.hits).toBeGreaterThan(0);
    expect(tenant.receiver.requests).toEqual([]);
    fault.remove();

    await tenant.receiver.until(({ length }) => length > 0, 50_000);
    await waitFor('the outcome', async () => {
      const { deliveries } = await tenant.api.expect(200, 'GET', `/api/events/${eventId}`);
      return JSON.stringify(deliveries).includes('"succeeded"');
    });
    expect(tenant.receiver.requests).toHaveLength(1);
  });

  it('makes the API say what is wrong', async () => {
    const tenant = await newApplication();
    local.stack.proxy.faults.add({
      match: by('Hook0Api', ({ service }) => service === 'kms'),
      kind: { statusCode: 400, type: 'AccessDeniedException', message: 'not authorized' },
    });

    const answer = await tenant.api.call('POST', '/api/endpoints', tenant.endpoint);
    expect(answer.status).toBe(503);
    expect(answer.json).toMatchObject({
      code: 'credentials_unreadable',
      detail: expect.stringContaining(
        `KMS did not make the data key of application ${tenant.id}: AccessDeniedException`,
      ),
    });
  });
});
