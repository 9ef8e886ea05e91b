import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Hook0Client } from '#sdk/src/client/client.ts';
import { NoAnswerError } from '#sdk/src/client/errors.ts';
import type { CallOptions, ClientOptions } from '#sdk/src/client/options.ts';
import { runtimePorts } from '#sdk/src/client/ports.ts';
import { Hook0Error } from '#sdk/src/errors.ts';
import { example, exampleBody, lost, problem, scriptedClient } from '#test/support/scripted-client.ts';

const required = { apiUrl: 'https://api.example.com', apiToken: 'hk0_test' };
const task = example('getTask', 200);

describe('the options of a client', () => {
  it.each<[object, string]>([
    [{ apiUrl: 'api.example.com' }, 'apiUrl: received "api.example.com"; expected the address of the API'],
    [{ apiUrl: 'ftp://api.example.com' }, 'apiUrl: received'],
    [{ apiUrl: 'https://api.example.com/?a=1' }, 'apiUrl: received'],
    [{ apiUrl: '' }, 'apiUrl: received ""'],
    [{ apiUrl: undefined }, 'apiUrl: it is missing; give the address of the API, or set HOOK0_URL'],
    [{ apiToken: undefined }, 'apiToken: it is missing; give a token, or set HOOK0_TOKEN'],
    [{ apiToken: 'two words' }, 'apiToken: expected a token such as hk0_…, without spaces or line ends'],
    [{ apiToken: 'hk0_x\n' }, 'apiToken: expected'],
    [{ application: '' }, 'application: received ""'],
    [{ timeout: 0 }, 'timeout: received 0'],
    [{ timeout: Number.NaN }, 'timeout: received NaN'],
    [{ timeout: '10000' }, 'timeout: received 10000'],
    [{ timeout: Number.POSITIVE_INFINITY }, 'timeout: received Infinity'],
    [{ timeout: 2 ** 31 }, 'at most 2147483647'],
    [{ retries: -1 }, 'retries: received -1'],
    [{ retries: 1.5 }, 'retries: received 1.5'],
    [{ fetch: 'fetch' }, 'fetch: received string; expected a function'],
    [{ onAnswer: {} }, 'onAnswer: received object; expected a function'],
    [{ url: 'https://api.example.com' }, 'url is unknown; did you mean apiUrl?'],
    [{ token: 'hk0_x' }, 'token is unknown; did you mean apiToken?'],
    [{ apiKey: 'hk0_x' }, 'apiKey is unknown; did you mean apiToken?'],
    [{ verbose: true }, 'verbose is unknown; expected apiUrl, apiToken, application, timeout'],
    [{ timeOut: 1 }, 'timeOut is unknown; did you mean timeout?'],
    [{ retry: 1 }, 'retry is unknown; did you mean retries?'],
  ])('are refused: %o', (change, message) => {
    const make = () => new Hook0Client({ ...required, ...change }, { ...runtimePorts(), env: {} });
    expect(make).toThrow(message);
    expect(make).toThrow(Hook0Error);
  });

  it('are taken from the environment when they are not given', async () => {
    const urls: string[] = [];
    const fetch: typeof globalThis.fetch = async (url) => {
      urls.push(String(url));
      return Response.json(exampleBody('getTask', 200));
    };
    const env = { HOOK0_URL: 'https://env.example.com', HOOK0_TOKEN: 'hk0_env' };
    await new Hook0Client({ fetch }, { ...runtimePorts(), env }).tasks.get('t');
    expect(urls).toEqual(['https://env.example.com/api/tasks/t']);
  });

  it('do not show the token when the client is printed', () => {
    const client = new Hook0Client({ ...required, apiToken: 'hk0_secret' });
    expect(inspect(client, { depth: 9, showHidden: true })).not.toContain('hk0_secret');
    expect(JSON.stringify(client)).not.toContain('hk0_secret');
  });

  it('call the hooks for each attempt, without the token', async () => {
    const { client, log } = scriptedClient([
      lost,
      problem(503, 'unavailable', { 'x-request-id': 'r-1' }),
      task,
    ]);
    await client.tasks.get('t');
    const request = { method: 'GET', url: 'https://api.example.com/api/tasks/t' };
    expect(log).toMatchObject([
      { ...request, attempt: 1 },
      {
        ...request,
        attempt: 1,
        duration: 0,
        status: undefined,
        error: { name: 'NoAnswerError' },
        retryIn: 250,
      },
      { ...request, attempt: 2 },
      { ...request, attempt: 2, status: 503, requestId: 'r-1', error: { name: 'ApiError' }, retryIn: 500 },
      { ...request, attempt: 3 },
      { ...request, attempt: 3, status: 200, error: undefined, retryIn: undefined },
    ]);
    expect(JSON.stringify(log)).not.toContain('hk0_test');
  });
});

describe('the options of a call', () => {
  const waiting = new Set<ServerResponse>();
  let server: Server;
  // Each test has a port of its own, because fetch keeps connections, and one that was closed is no answer.
  beforeEach(() => {
    server = createServer((_, response) => void waiting.add(response));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** A client of a server that never answers. */
  async function stuckClient(change: ClientOptions = {}): Promise<Hook0Client> {
    if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    const { port } = server.address() as AddressInfo;
    return new Hook0Client({ ...required, apiUrl: `http://127.0.0.1:${port}`, retries: 0, ...change });
  }

  it('end an attempt that takes too long', async () => {
    const client = await stuckClient();
    const error = await client.tasks.get('t', { timeout: 20 }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(String(error)).toContain('no answer after 1 attempt: it took longer than 20 ms');
    expect(error).toMatchObject({ cause: { name: 'TimeoutError' } });
    await expect((await stuckClient({ timeout: 20 })).tasks.get('t')).rejects.toThrow('longer than 20 ms');
  });

  it('end the call when the signal is aborted during an attempt', async () => {
    const reason = new Error('the user left');
    const inTime = { timeout: 2 ** 30 };
    const duringRequest = new AbortController();
    server.once('request', () => duringRequest.abort(reason));
    const call = (await stuckClient()).tasks.get('t', { signal: duringRequest.signal, ...inTime });
    await expect(call).rejects.toBe(reason);

    const beforeRequest = new AbortController();
    const client = await stuckClient({ onRequest: () => beforeRequest.abort(reason) });
    await expect(client.tasks.get('t', { signal: beforeRequest.signal, ...inTime })).rejects.toBe(reason);
  });

  it('leave no timer and no listener behind', async () => {
    const { client } = scriptedClient([task]);
    const { signal } = new AbortController();
    const listeners = new Set<unknown>();
    const counting = Object.assign(signal, {
      addEventListener: (_: string, listener: unknown) => void listeners.add(listener),
      removeEventListener: (_: string, listener: unknown) => void listeners.delete(listener),
    });
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    await client.tasks.get('t', { signal: counting });
    expect({ listeners: listeners.size, timers: vi.getTimerCount() }).toEqual({ listeners: 0, timers: 0 });
  });

  it('end the call when the signal is aborted before it, or while it waits', async () => {
    const { client, requests } = scriptedClient([]);
    const aborted = client.tasks.get('t', { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    expect(requests).toHaveLength(0);

    const controller = new AbortController();
    const { client: other, requests: seen } = scriptedClient([lost, task], {
      onAnswer: ({ retryIn }) => retryIn !== undefined && controller.abort(),
    });
    await expect(other.tasks.get('t', { signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(seen).toHaveLength(1);
  });

  it('let the pause between attempts end early', async () => {
    const { sleep } = runtimePorts();
    const controller = new AbortController();
    const paused = sleep(2 ** 30, controller.signal);
    controller.abort();
    await paused;
    await sleep(2 ** 30, AbortSignal.abort());
    await sleep(1, undefined);
  });

  it.each<[object, string]>([
    [{ timeout: -1 }, 'timeout: received -1'],
    [{ signal: 5 }, 'signal: received number; expected an AbortSignal'],
    [{ timeOut: 5 }, 'timeOut is unknown; did you mean timeout?'],
    [{ idempotencyKey: 'a' }, 'idempotencyKey is unknown'],
  ])('are refused: %o', async (options, message) => {
    const { client } = scriptedClient([]);
    await expect(client.tasks.get('t', options as CallOptions)).rejects.toThrow(message);
  });
});
