import { describe, expect, it } from 'vitest';
import { scenes } from '#demo/scenes.ts';
import { stackOfFile } from '#test/support/file-stack.ts';

const local = stackOfFile();

describe('the demo', () => {
  it.each(scenes.map((scene) => [scene.title, scene] as const))('shows that %s', async (_, scene) => {
    const { expected, happened } = await scene.play(local.client);
    expect(happened).toBe(expected);
  });
});
