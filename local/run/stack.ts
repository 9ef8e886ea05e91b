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
import { secretsSection } from '../resources/secret.ts';
import type { World } from '../resources/world.ts';
import { readAssets } from '../template/assets.ts';
import { asIntrinsic } from '../template/intrinsic.ts';
import { readTemplate, type Template } from '../template/template.ts';
import { Cleanup } from './cleanup.ts';
import { createResources } from './create-resources.ts';
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
  /** Origin of a DynamoDB that runs already. @default - the embedded engine */
  readonly dynamodbEndpoint?: string | undefined;
  /** Replaces the period of every schedule. Milliseconds. @default - as declared */
  readonly tickMs?: number | undefined;
  /** Environment that every function gets on top of its own. @default - none */
  readonly extraEnvironment?: Readonly<Record<string, string>> | undefined;
  /** That the functions see, so that what takes long can be seen without waiting. @default - this machine's */
  readonly clock?: FunctionClock | undefined;
  /** Values of secrets, by the stack output that names the secret. @default - as the template declares them */
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  /** Changes the template in place before anything is made of it. @default - as synthesized */
  readonly mutateTemplate?: ((template: EditableTemplate) => void) | undefined;
  /** Told when a part is done. */
  readonly onProgress?: ((done: string) => void) | undefined;
  /** Told every line that functions and the local run itself write. */
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
   * Invokes a function directly, past its permissions.
   *
   * @param prefix of its logical id
   * @throws Error unless exactly one function has it
   */
  invoke(prefix: string, payload: unknown): Promise<InvocationResult>;
  /** Ends everything within a few seconds; functions that still run are cut. */
  stop(): Promise<void>;
}

/** How long invocations under way may go on when the stack stops. */
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
  const topics: World['topics'] = new Map();
  const stopping = new AbortController();
  const invoker = createInvoker(logs, stopping.signal);
  const run: { deliver?: World['deliver']; resources?: ReturnType<typeof createResources> } = {};
  const proxy = await startProxy({
    engines,
    statementsOf: (principal) => run.resources?.statementsOf(principal),
    queuePolicies: (queueArn) => run.resources?.queuePolicies(queueArn) ?? [],
    secrets: {
      get: (arn) => {
        const value = state.get(secretsSection, arn);
        return typeof value === 'string' ? value : undefined;
      },
      put: (arn, value) => state.set(secretsSection, arn, value),
    },
    invoke: (functionArn, payload) => invoker.find(functionArn)?.invoke(payload),
    eventRules: () => run.resources?.eventRules() ?? [],
    deliverEvent: async (targetArn, event) =>
      run
        .deliver?.(targetArn, event, 'events.amazonaws.com')
        .catch((error: unknown) => noteError(`an event was not delivered to ${targetArn}: ${String(error)}`)),
    onUnknown: (call) => noteError(`the local run does not know the call ${call}: it answers an error`),
  });
  cleanup.add(() => proxy.stop());
  const direct = awsCaller((service) => (service === 'sqs' ? engines.sqs : engines.dynamodb), rootPrincipal);
  const meteredAs = (principal: string) => {
    const keyId = proxy.environmentFor(principal).AWS_ACCESS_KEY_ID ?? principal;
    const caller = awsCaller(() => proxy.origin, keyId);
    cleanup.add(() => caller.close());
    return caller;
  };
  const metered = meteredAs(rootPrincipal);
  cleanup.add(() => direct.close());
  cleanup.add(async () => {
    await Promise.all([...invoker.functions.values()].map((target) => target.stop()));
  });
  run.deliver = createDeliver({ invoker, metered, queueOrigin: proxy.origin, logs, topics });
  const customResources = await openCustomResources();
  cleanup.add(() => customResources.stop());

  const world: World = {
    stackName,
    assets: await readAssets(folder, stackName),
    engines: direct,
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
    deliver: run.deliver,
    givenSecrets: secretsByLogicalId(options.secrets ?? {}, template),
    topics,
    integrations: new Map(),
    routes: [],
    cors: new Map(),
    schedules: [],
    pollers: [],
    streams: new Map(),
  };
  run.resources = createResources(template, world);
  const outputs = await run.resources.createAll();
  onProgress(`${Object.keys(template.Resources).length} resources`);

  const pollers = world.pollers.map((startPoller) => startPoller());
  const schedules = startSchedules(world.schedules, noteError, options.tickMs);
  const apiId = world.routes[0]?.apiId;
  if (apiId !== undefined) gateway.serve(apiId, world.routes, world.cors.get(apiId));
  // Before the functions end: what is under way gets a moment to finish.
  cleanup.add(async () => {
    stopping.abort();
    schedules.stop();
    const finished = Promise.all([gateway.stop(), ...pollers.map((poller) => poller.stop())]);
    await Promise.race([finished, sleep(graceMs, undefined, { ref: false })]);
  });

  return {
    url: gateway.origin,
    outputs,
    secret: (output) => String(state.get(secretsSection, String(outputs[output])) ?? ''),
    proxy,
    logs: (source) => logs.lines(source),
    metrics,
    schedules,
    invoke: (prefix, payload) => {
      const found = [...invoker.functions.values()].filter((target) =>
        target.settings.logicalId.startsWith(prefix),
      );
      const [only] = found;
      if (only === undefined || found.length > 1) {
        const ids = [...invoker.functions.values()].map((target) => target.settings.logicalId);
        throw new Error(
          `${prefix} is the start of ${found.length} of the functions ${ids.join(', ')}; expected one`,
        );
      }
      return only.invoke(JSON.stringify(payload ?? null));
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
