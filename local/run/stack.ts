import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AwsProxy, rootPrincipal, startProxy } from '../aws-api/proxy.ts';
import { awsCaller } from '../aws-protocol/client.ts';
import type { DataDir } from '../data-dir/data-dir.ts';
import { openState } from '../data-dir/state.ts';
import { startEngines } from '../engines/engines.ts';
import { type Schedules, startSchedules } from '../eventbridge/schedules.ts';
import { createDeliver } from '../eventbridge/targets.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { FunctionClock } from '../lambda/clock.ts';
import { createInvoker } from '../lambda/invoker.ts';
import { type LogLine, logSink } from '../lambda/logs.ts';
import { type MetricStore, metricStore } from '../lambda/metrics.ts';
import type { InvocationResult } from '../lambda/settings.ts';
import { openCustomResources } from '../resources/custom-resource-server.ts';
import { keysSection } from '../resources/kms-key.ts';
import { secretsSection } from '../resources/secret.ts';
import type { World } from '../resources/world.ts';
import { readAssets } from '../template/assets.ts';
import { asIntrinsic } from '../template/intrinsic.ts';
import { readTemplate, type Template } from '../template/template.ts';
import { Cleanup } from './cleanup.ts';
import { resourcesOf } from './resources.ts';
import type { Assembly } from './synthesize.ts';

/** A template that may be changed in place. */
export interface EditableTemplate {
  readonly Resources: Record<string, unknown>;
}

export interface StackOptions {
  readonly assembly: Assembly;
  /** Already bound; the stack serves through it and stops it. */
  readonly gateway: Gateway;
  /** Keeps everything there for the next start; the stack releases it. @default - in memory */
  readonly dataDir?: DataDir | undefined;
  /** Origin of a DynamoDB that already runs. @default - the embedded engine */
  readonly dynamodbEndpoint?: string | undefined;
  /** Replaces the period of every schedule. Milliseconds. @default - as declared */
  readonly tickMs?: number | undefined;
  /** Environment that is added to that of every function. @default - none */
  readonly extraEnvironment?: Readonly<Record<string, string>> | undefined;
  /** The functions' clock, which tests advance instead of waiting. @default - this machine's clock */
  readonly clock?: FunctionClock | undefined;
  /** Values of secrets, by the stack output that names the secret. @default - as the template declares them */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** Changes the template in place before resources are created. @default - as synthesized */
  readonly mutateTemplate?: ((template: EditableTemplate) => void) | undefined;
  /** Called when a part of the start is done. */
  readonly onProgress?: ((done: string) => void) | undefined;
  /** Called with every line that functions and the local run write. */
  readonly onLine?: ((line: LogLine) => void) | undefined;
}

export interface Stack {
  /** e.g. `http://127.0.0.1:3000` */
  readonly url: string;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The value of the secret that a stack output names; empty when it has none. */
  secret(output: string): string;
  readonly proxy: AwsProxy;
  /** The newest log lines, oldest first. @param source logical id of a function, or `local`. @default - all */
  logs(source?: string): readonly LogLine[];
  readonly metrics: MetricStore;
  readonly schedules: Schedules;
  /**
   * Invokes a function directly, without a check of permissions.
   *
   * @param prefix of its logical id
   * @throws Error unless exactly one function has it
   */
  invoke(prefix: string, payload: unknown): Promise<InvocationResult>;
  /** Stops everything within a few seconds, also functions that still run. */
  stop(): Promise<void>;
}

/** How long running invocations may continue when the stack stops. */
const graceMs = 2000;

/**
 * Runs the stack of a cloud assembly on this machine.
 *
 * @throws Error, after everything that was started has been stopped
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const cleanup = new Cleanup();
  cleanup.add(() => options.dataDir?.release());
  cleanup.add(() => options.gateway.stop());
  try {
    return await start(options, cleanup);
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}

async function start(options: StackOptions, cleanup: Cleanup): Promise<Stack> {
  const { dataDir, gateway, onProgress = () => undefined } = options;
  const { folder, stackName } = options.assembly;
  const template = await readTemplate(folder, stackName);
  options.mutateTemplate?.(template);
  const metrics = metricStore();
  const logs = logSink({
    metrics,
    file: dataDir === undefined ? undefined : join(dataDir.path, 'functions.log'),
    onLine: options.onLine,
  });
  cleanup.add(() => logs.close());
  const noteError = (message: string) => logs.write('local', message);

  const scratchDir = mkdtempSync(join(tmpdir(), 'hook0-code-'));
  cleanup.add(() => rmSync(scratchDir, { recursive: true, force: true }));
  const engines = await startEngines({ dataDir: dataDir?.path, dynamodbEndpoint: options.dynamodbEndpoint });
  cleanup.add(() => engines.stop());
  onProgress('engines');

  const state = openState(dataDir);
  const secrets = state(secretsSection);
  const stopping = new AbortController();
  const invoker = createInvoker(logs, stopping.signal);
  const resources = resourcesOf(template, stackName);
  const proxy = await startProxy({
    ...resources,
    engines,
    secrets,
    kmsKeys: state(keysSection),
    invoke: (functionArn, payload) => invoker.find(functionArn)?.invoke(payload),
    deliverEvent: (targetArn, event) =>
      deliver(targetArn, event).catch((error: unknown) =>
        noteError(`an event was not delivered to ${targetArn}: ${String(error)}`),
      ),
    onUnknown: (call) => noteError(`the local run does not know the call ${call}: it answers an error`),
  });
  cleanup.add(() => proxy.stop());
  const meteredAs = (principal: string) => {
    const caller = awsCaller(() => proxy.origin, principal);
    cleanup.add(() => caller.close());
    return caller;
  };
  const metered = meteredAs(rootPrincipal);
  cleanup.add(async () => {
    await Promise.all([...invoker.functions.values()].map((target) => target.stop()));
  });
  const topics: World['topics'] = new Map();
  const deliver = createDeliver({ invoker, metered, queueOrigin: proxy.origin, logs, topics });
  const customResources = await openCustomResources();
  cleanup.add(() => customResources.stop());

  const world: World = {
    stackName,
    assets: await readAssets(folder, stackName),
    engines,
    metered,
    meteredAs,
    proxy,
    gateway,
    logs,
    state,
    invoker,
    customResources,
    scratchDir,
    extraEnvironment: options.extraEnvironment ?? {},
    clock: options.clock,
    deliver,
    givenSecrets: secretsByLogicalId(options.secrets ?? {}, template),
    topics,
    integrations: new Map(),
    routes: [],
    cors: new Map(),
    schedules: [],
    pollers: [],
    streams: new Map(),
  };
  const outputs = await resources.createAll(world);
  onProgress(`${Object.keys(template.Resources).length} resources`);

  const pollers = world.pollers.map((startPoller) => startPoller());
  const schedules = startSchedules(world.schedules, noteError, options.tickMs);
  const apiId = world.routes[0]?.apiId;
  if (apiId !== undefined) gateway.serve(apiId, world.routes, world.cors.get(apiId));
  // Runs before the functions end, so that running invocations can finish.
  cleanup.add(async () => {
    stopping.abort();
    schedules.stop();
    const finished = Promise.all([gateway.stop(), ...pollers.map((poller) => poller.stop())]);
    await Promise.race([finished, sleep(graceMs, undefined, { ref: false })]);
  });

  return {
    url: gateway.origin,
    outputs,
    secret: (output) => String(secrets.get(String(outputs[output])) ?? ''),
    proxy,
    logs: (source) => logs.lines(source),
    metrics,
    schedules,
    invoke: (prefix, payload) => {
      const functions = [...invoker.functions.values()];
      const ids = functions.map((target) => target.settings.logicalId);
      const [found, ...others] = functions.filter((_, i) => ids[i]?.startsWith(prefix));
      if (found !== undefined && others.length === 0) return found.invoke(JSON.stringify(payload ?? null));
      throw new Error(`expected one function whose logical id starts with ${prefix}, of ${ids.join(', ')}`);
    },
    stop: () => cleanup.run(),
  };
}

/** @throws Error when an output does not name a secret of the template */
function secretsByLogicalId(
  byOutput: Readonly<Record<string, string>>,
  template: Template,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(byOutput).map(([output, value]) => {
      const reference = asIntrinsic(template.Outputs?.[output]?.Value);
      if (reference?.name === 'Ref' && typeof reference.argument === 'string')
        return [reference.argument, value];
      throw new Error(`the template has no output ${output} that names a secret`);
    }),
  );
}
