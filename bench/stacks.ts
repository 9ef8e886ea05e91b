import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGateway } from '../local/gateway.ts';
import { type Stack, startStack } from '../local/stack.ts';
import { synthesize } from '../local/synth.ts';

/** Runs a stack, one that delivers to this machine, for as long as `use` takes. */
export type WithStack = (use: (stack: Stack) => Promise<void>) => Promise<void>;

/** Synthesizes the app once, for all the stacks that `work` runs. */
export async function withStacks(work: (withStack: WithStack) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hook0-bench-'));
  try {
    const assembly = await synthesize(folder);
    await work(async (use) => {
      const stack = await startStack({
        ...{ assembly: assembly.folder, stackName: assembly.stackName, gateway: await openGateway(0) },
        dynamodbEndpoint: process.env.DYNAMODB_ENDPOINT,
        tickMs: 60_000,
        extraEnvironment: { HOOK0_LOCAL_TARGETS: 'allow' },
      });
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
