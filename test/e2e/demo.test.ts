import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, createApi } from '../../local/demo/api.ts';
import { scenes } from '../../local/demo/scenes.ts';
import { type LocalStack, startLocalStack } from '../support/local-stack.ts';

let stack: LocalStack;
let api: Api;

beforeAll(async () => {
  stack = await startLocalStack({ tick: 1 });
  api = createApi(stack.url, stack.adminToken);
});
afterAll(() => stack.stop());

describe('the demo', () => {
  it.each(scenes.map((scene) => [scene.title, scene] as const))('shows that %s', async (_, scene) => {
    const { expected, happened } = await scene.play(api);
    expect(happened).toBe(expected);
  });
});
