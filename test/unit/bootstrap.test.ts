import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { answerCloudFormation } from '../../lambdas/bootstrap/cloudformation.ts';
import { bootstrap } from '../../lambdas/bootstrap/first-token.ts';
import { hashToken, isTokenText, type TokenRecord } from '../../lambdas/core/tenant/token.ts';

function world(initial: string | undefined) {
  const tokens = new Map<string, TokenRecord>();
  const state = { secret: initial, applications: 0 };
  const ports = {
    now: () => 0,
    randomBytes: (count: number) => new Uint8Array(count).map((_, index) => index),
    secret: {
      read: async () => state.secret,
      write: async (value: string) => {
        state.secret = value;
      },
    },
    tokens: {
      findByHash: async (hash: string) => tokens.get(hash),
      create: async (record: TokenRecord, hash: string) => tokens.set(hash, record),
    },
    ensureDefaultApplication: async () => {
      state.applications += 1;
    },
  };
  return { ports, tokens, state };
}

describe('the bootstrap', () => {
  it.each([['{"placeholder":"x"}'], [undefined], ['']])(
    'makes a token where the secret holds %s',
    async (initial) => {
      const { ports, tokens, state } = world(initial);
      await bootstrap(ports);
      expect(isTokenText(state.secret ?? '')).toBe(true);
      expect(tokens.get(hashToken(state.secret ?? ''))).toMatchObject({
        applicationId: '*',
        scopes: ['admin'],
      });
      expect(state.applications).toBe(1);
    },
  );

  it('changes nothing when it runs again', async () => {
    const { ports, tokens, state } = world(undefined);
    await bootstrap(ports);
    const before = { secret: state.secret, tokens: [...tokens] };
    await bootstrap(ports);
    expect({ secret: state.secret, tokens: [...tokens] }).toEqual(before);
  });

  it('takes the token that whoever deploys put into the secret', async () => {
    const { ports, tokens, state } = world('a-token-of-my-own');
    await bootstrap(ports);
    expect(state.secret).toBe('a-token-of-my-own');
    expect(tokens.has(hashToken('a-token-of-my-own'))).toBe(true);
  });
});

describe('the answer to CloudFormation', () => {
  it('is put to the URL of the event', async () => {
    const bodies: unknown[] = [];
    const server = createServer((request, response) => {
      request.setEncoding('utf8');
      request.on('data', (text) => bodies.push([request.method, JSON.parse(text)]));
      request.on('end', () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const ResponseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`;
    const event = {
      ResponseURL,
      StackId: 's',
      RequestId: 'r',
      LogicalResourceId: 'l',
      RequestType: 'Create',
    };
    await answerCloudFormation(event as CloudFormationCustomResourceEvent, {
      status: 'FAILED',
      reason: 'no table',
    });
    server.close();
    expect(bodies).toEqual([
      [
        'PUT',
        expect.objectContaining({
          Status: 'FAILED',
          Reason: 'no table',
          StackId: 's',
          RequestId: 'r',
          LogicalResourceId: 'l',
        }),
      ],
    ]);
  });
});
