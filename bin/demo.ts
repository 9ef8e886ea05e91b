import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scene, SceneOutcome } from '#demo/scene.ts';
import { scenes } from '#demo/scenes.ts';
import { table } from '#demo/table.ts';
import { openGateway } from '#local/gateway/gateway.ts';
import { Hook0Client } from '#sdk/src/index.ts';
import { startHook0, synthesizeHook0 } from './local/hook0.ts';

// AWS has a minute; a second keeps the demo short.
const tickMs = 1_000;
const write = (text: string): void => void process.stdout.write(text);

async function play(scene: Scene, client: Hook0Client): Promise<SceneOutcome> {
  const terminal = process.stdout.isTTY;
  if (terminal) write(`… ${scene.title}`);
  const startedAt = performance.now();
  const outcome = await scene.play(client).catch((error: unknown) => ({
    expected: 'no error',
    happened: error instanceof Error ? error.message : String(error),
  }));
  const mark = outcome.expected === outcome.happened ? '✓' : '✗';
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  write(`${terminal ? '\r' : ''}${mark} ${scene.title} (${seconds} s)\n`);
  return outcome;
}

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'hook0-demo-'));
  try {
    write('synthesizing the stack and starting it on this machine …\n');
    const stack = await startHook0(await synthesizeHook0(folder), { gateway: await openGateway(0), tickMs });
    try {
      const client = new Hook0Client({ apiUrl: stack.url, apiToken: stack.adminToken });
      const rows: (readonly [Scene, SceneOutcome])[] = [];
      for (const scene of scenes) rows.push([scene, await play(scene, client)]);
      write(`\n${table(rows.map(([{ title }, { happened }]) => [title, happened]))}\n`);
      const wrong = rows.filter(([, { expected, happened }]) => expected !== happened);
      for (const [{ title }, { expected, happened }] of wrong) {
        process.stderr.write(`\n${title}\n  expected: ${expected}\n  happened: ${happened}\n`);
      }
      return wrong.length === 0 ? 0 : 1;
    } finally {
      await stack.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`the demo could not run: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
