import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalHook0, startHook0, synthesizeHook0 } from '#bin/local/hook0.ts';
import { openGateway } from '#local/gateway/gateway.ts';

/** Runs a stack, one that delivers to this machine, for as long as `use` takes. */
export type WithStack = (use: (stack: LocalHook0) => Promise<void>) => Promise<void>;

/** Synthesizes the app once, for all the stacks that `work` runs. */
export async function withStacks(work: (withStack: WithStack) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hook0-bench-'));
  try {
    const assembly = await synthesizeHook0(folder);
    await work(async (use) => {
      const stack = await startHook0(assembly, { gateway: await openGateway(0), tickMs: 60_000 });
      try {
        await use(stack);
      } finally {
        await stack.stop();
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
