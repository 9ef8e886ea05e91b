import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenes } from '#demo/scenes.ts';
import { Hook0Client } from '#sdk/src/index.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';

let stack: LocalStack;
let client: Hook0Client;

beforeAll(async () => {
  stack = await startLocalStack({ tick: 1 });
  client = new Hook0Client({ url: stack.url, token: stack.adminToken });
});
afterAll(() => stack.stop());

describe('the demo', () => {
  it.each(scenes.map((scene) => [scene.title, scene] as const))('shows that %s', async (_, scene) => {
    const { expected, happened } = await scene.play(client);
    expect(happened).toBe(expected);
  });
});
