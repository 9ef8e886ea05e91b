import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { hashToken, isTokenText, type TokenRecord } from '#core/token/token.ts';
import { answerCloudFormation } from '#lambdas/bootstrap/cloudformation.ts';
import { bootstrap } from '#lambdas/bootstrap/first-token.ts';

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
      hashes: async () => [...tokens].map(([hash, { id }]) => ({ id, hash })),
      remove: async (_: string, id: string) => {
        const found = [...tokens].find(([, record]) => record.id === id);
        return found !== undefined && tokens.delete(found[0]);
      },
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

  it('takes the token that the operator put into the secret', async () => {
    const { ports, tokens, state } = world('a-token-of-my-own');
    await bootstrap(ports);
    expect(state.secret).toBe('a-token-of-my-own');
    expect(tokens.has(hashToken('a-token-of-my-own'))).toBe(true);
  });
});

describe('a secret that was changed', () => {
  const made = { applicationId: '*', name: 'by the API', scopes: ['admin'], createdAt: 0 } as const;

  it.each([['a-token-of-my-own'], ['{"placeholder":"x"}']])(
    'to %s revokes the token that stood in it, and no other',
    async (next) => {
      const { ports, tokens, state } = world('the-first-token');
      await bootstrap(ports);
      tokens.set('hash of another', { ...made, id: 'tok_01h455vb4pex5vsknk084sn02q' });
      state.secret = next;
      await bootstrap({ ...ports, randomBytes: (count) => new Uint8Array(count).fill(7) });
      expect([...tokens.keys()].sort()).toEqual([hashToken(state.secret), 'hash of another'].sort());
      expect(tokens.has(hashToken('the-first-token'))).toBe(false);
    },
  );

  it('to a token of the API keeps that one alone', async () => {
    const { ports, tokens, state } = world('the-first-token');
    await bootstrap(ports);
    tokens.set(hashToken('of the API'), { ...made, id: 'tok_01h455vb4pex5vsknk084sn02q' });
    state.secret = 'of the API';
    await bootstrap(ports);
    expect([...tokens.keys()]).toEqual([hashToken('of the API')]);
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
