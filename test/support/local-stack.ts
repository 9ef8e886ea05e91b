import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { type LocalHook0, type LocalHook0Options, startHook0, synthesizeHook0 } from '#bin/local/hook0.ts';
import { openDataDir } from '#local/data-dir/data-dir.ts';
import { type Gateway, type Integration, openGateway } from '#local/gateway/gateway.ts';
import type { ApiRoute } from '#local/gateway/routes.ts';
import type { InvocationResult } from '#local/lambda/settings.ts';
import type { Assembly } from '#local/run/synthesize.ts';
import { exchangeOf } from './exchange.ts';
import { checkExchange } from './openapi.ts';

export interface LocalStackOptions
  extends Pick<LocalHook0Options, 'mutateTemplate' | 'adminToken' | 'onLine' | 'clock' | 'strictTargets'> {
  /** Keeps everything there. @default - in memory */
  readonly dataDir?: string;
  /** Seconds between two runs of every schedule. @default - only when `tick()` is called */
  readonly tick?: number;
}

export interface LocalStack extends Omit<LocalHook0, 'schedules'> {
  /** Runs the schedules now and waits for them. @param prefix of their logical ids. @default - all */
  tick(prefix?: string): Promise<void>;
}

/** Beyond any test's time. */
const neverMs = 2 ** 31 - 1;

/**
 * The real stack in this process, on a free port. The caller stops it.
 *
 * Stopping it fails when a function answered what the OpenAPI document does not say.
 */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const { tick, dataDir, ...rest } = options;
  const lies: unknown[] = [];
  const { schedules, ...stack } = await startHook0(await sharedAssembly(), {
    ...rest,
    dataDir: dataDir === undefined ? undefined : openDataDir(dataDir),
    gateway: truthful(await openGateway(0), lies),
    tickMs: tick === undefined ? neverMs : tick * 1000,
  });
  return {
    ...stack,
    tick: (prefix) => schedules.fire(prefix),
    async stop() {
      await stack.stop();
      if (lies.length > 0) throw new AggregateError(lies, lies.map(String).join('\n'));
    },
  };
}

/** Holds every answer of the functions behind the gateway against the OpenAPI document. */
function truthful(gateway: Gateway, lies: unknown[]): Gateway {
  const heard = (payload: string, result: InvocationResult): InvocationResult => {
    if (result.kind !== 'result') return result;
    try {
      checkExchange(exchangeOf(JSON.parse(payload), JSON.parse(result.payload)));
    } catch (lie) {
      lies.push(lie);
    }
    return result;
  };
  const listening = ({ target, ...route }: ApiRoute<Integration>): ApiRoute<Integration> => ({
    ...route,
    target: {
      ...target,
      invoke: async (payload, ...rest) => heard(payload, await target.invoke(payload, ...rest)),
    },
  });
  return { ...gateway, serve: (apiId, routes, cors) => gateway.serve(apiId, routes.map(listening), cors) };
}

let assembly: Promise<Assembly> | undefined;

/** Synthesized by the first process of the test run that asks; the others wait for it. */
export function sharedAssembly(): Promise<Assembly> {
  assembly ??= synthesizeOnce(inject('assemblyFolder') ?? ownFolder());
  return assembly;
}

async function synthesizeOnce(folder: string): Promise<Assembly> {
  const result = join(folder, 'assembly.json');
  try {
    mkdirSync(join(folder, 'lock'));
  } catch {
    while (!existsSync(result)) await sleep(50);
  }
  if (!existsSync(result)) {
    const done = await synthesizeHook0(join(folder, 'assembly')).catch((error: Error) => ({
      error: error.message,
    }));
    writeFileSync(result, JSON.stringify(done));
  }
  const done: Assembly | { readonly error: string } = JSON.parse(readFileSync(result, 'utf8'));
  if ('error' in done) throw new Error(done.error);
  return done;
}

function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hook0-test-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
