import { describe, expect, it } from 'vitest';
import { api } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';
import { apiWithEndpoint, endpointId, expectNothingWritten, expectProblem } from '#test/support/bad-input.ts';

apiWithEndpoint();

describe('an address inside', () => {
  const spellings = [
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '127。0。0。1',
    '①②⑦.⓪.⓪.①',
    '%31%32%37.0.0.1',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::7f00:1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'api.localhost',
    '0',
    '0.0.0.0',
    '[::]',
    '169.254.169.254',
    '0xa9fea9fe',
    '[fd00:ec2::254]',
    '10.0.0.1',
    '192.168.1.1',
    '172.16.0.1',
    '100.64.0.1',
    '168.63.129.16',
    'metadata.google.internal',
    'printer.local',
    'intranet',
  ];

  it.each(spellings)('is refused as %s', async (host) => {
    for (const url of [`https://${host}/`, `https:\\\\${host}\\x`]) {
      const answer = await api.call('POST /api/endpoints', { body: { ...anEndpoint, url } });
      expectProblem(answer, 400, 'validation_failed');
      expect(answer.body.field).toBe('url');
    }
    await expectNothingWritten();
  });
});

describe('an endpoint at the API itself', () => {
  const hosts = [
    'abc.execute-api.eu-west-1.amazonaws.com',
    'ABC.execute-api.eu-west-1.amazonaws.com:8443',
    'hooks.example.com',
    // By which the caller reached it, although it is not configured.
    'api.example.com',
  ];

  it.each(hosts)('is refused as %s, when it is created, tried and changed', async (host) => {
    const url = `https://${host}/api/events`;
    for (const [request, body] of [
      ['POST /api/endpoints', { ...anEndpoint, url }],
      ['POST /api/endpoints?dryRun=true', { ...anEndpoint, url }],
      [`PATCH /api/endpoints/${endpointId}`, { url }],
    ] as const) {
      const answer = await api.call(request, { body });
      expectProblem(answer, 400, 'validation_failed');
      expect(answer.body).toMatchObject({ field: 'url', detail: expect.stringContaining('allowOwnHosts') });
    }
    await expectNothingWritten();
  });
});
