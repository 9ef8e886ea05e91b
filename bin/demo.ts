import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi } from '../local/demo/api.ts';
import type { Outcome, Scene } from '../local/demo/scene.ts';
import { scenes } from '../local/demo/scenes.ts';
import { table } from '../local/demo/table.ts';
import { openGateway } from '../local/gateway.ts';
import { startStack } from '../local/stack.ts';
import { synthesize } from '../local/synth.ts';

// Seconds, where AWS has a minute: nobody watches a demo wait.
const tickMs = 1_000;
const write = (text: string): void => void process.stdout.write(text);

async function play(scene: Scene, api: ReturnType<typeof createApi>): Promise<Outcome> {
  const terminal = process.stdout.isTTY;
  if (terminal) write(`… ${scene.title}`);
  const startedAt = performance.now();
  const outcome = await scene.play(api).catch((error: unknown) => ({
    expected: 'no error',
    happened: error instanceof Error ? error.message : String(error),
  }));
  const mark = outcome.expected === outcome.happened ? '✓' : '✗';
  write(
    `${terminal ? '\r' : ''}${mark} ${scene.title} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)\n`,
  );
  return outcome;
}

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'hook0-demo-'));
  try {
    write('synthesizing the stack and starting it on this machine …\n');
    const assembly = await synthesize(folder);
    const stack = await startStack({
      assembly: assembly.folder,
      stackName: assembly.stackName,
      gateway: await openGateway(0),
      dynamodbEndpoint: process.env.DYNAMODB_ENDPOINT,
      tickMs,
      extraEnvironment: { HOOK0_LOCAL_TARGETS: 'allow' },
    });
    try {
      const api = createApi(stack.url, stack.adminToken);
      const rows: (readonly [Scene, Outcome])[] = [];
      for (const scene of scenes) rows.push([scene, await play(scene, api)]);
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
