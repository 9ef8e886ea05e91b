import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registryKeys } from '#bin/supply-chain/registry-keys.ts';

const answers: Readonly<Record<string, readonly [status: number, body: string]>> = {
  '/signed/-/npm/v1/keys': [200, '{"keys":[{"keyid":"SHA256:x"}]}'],
  '/empty/-/npm/v1/keys': [200, '{"keys":[]}'],
  '/page/-/npm/v1/keys': [200, '<html>'],
};
const server = createServer((request, response) => {
  const [status, body] = answers[request.url ?? ''] ?? [404, ''];
  response.writeHead(status).end(body);
});
let origin = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

describe('a registry', () => {
  it.each(['signed', 'signed/'])('with keys can have its signatures checked: /%s', async (path) => {
    expect(await registryKeys(`${origin}/${path}`)).toEqual({ kind: 'served' });
  });

  it.each([
    ['unsigned', 'it answers 404 to the request for its keys'],
    ['empty', 'its list of keys is empty'],
    ['page', 'JSON'],
  ])('without keys is named as such, with the reason: /%s', async (path, reason) => {
    expect(await registryKeys(`${origin}/${path}`)).toEqual({
      kind: 'none',
      reason: expect.stringContaining(reason),
    });
  });

  it('that cannot be reached is not taken for verified', async () => {
    expect(await registryKeys('http://127.0.0.1:1')).toMatchObject({ kind: 'none' });
  });
});
