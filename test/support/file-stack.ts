import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type Receiver, startReceiver } from '#demo/receiver.ts';
import { Hook0Client } from '#sdk/src/index.ts';
import { type Api, createApi } from './api.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from './local-stack.ts';

export interface FileStack {
  readonly stack: LocalStack;
  /** Calls with the admin token: `client` as users of the SDK do, `api` without retries and types. */
  readonly client: Hook0Client;
  readonly api: Api;
}

/** Starts a stack before the tests of a file, and stops it after them. Its members may be read in tests and hooks. */
export function stackOfFile(options: LocalStackOptions = { tick: 1 }): FileStack {
  let started: FileStack | undefined;
  const get = (): FileStack => {
    if (started === undefined) throw new Error('the stack starts before the first test: read it in a test');
    return started;
  };
  beforeAll(async () => {
    const stack = await startLocalStack(options);
    const client = new Hook0Client({ apiUrl: stack.url, apiToken: stack.adminToken });
    started = { stack, client, api: createApi(stack.url, stack.adminToken) };
  });
  afterAll(() => started?.stack.stop());
  return {
    get stack() {
      return get().stack;
    },
    get client() {
      return get().client;
    },
    api: {
      call: (...call) => get().api.call(...call),
      expect: (...call) => get().api.expect(...call),
    },
  };
}

/** Starts a webhook receiver for one test. */
export async function testReceiver(
  answer: Parameters<typeof startReceiver>[0] = () => ({ status: 200 }),
): Promise<Receiver> {
  const receiver = await startReceiver(answer);
  onTestFinished(() => receiver.stop());
  return receiver;
}
