import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Answer, errorAnswer, ServiceError } from '../aws-protocol/answer.ts';
import { type Call, functionIn, identify } from '../aws-protocol/call.ts';
import { awsCaller } from '../aws-protocol/client.ts';
import { collect, connectEngine } from '../aws-protocol/connection.ts';
import { notSupported, unavailable } from '../aws-protocol/errors.ts';
import { eventBridge } from '../eventbridge/put-events.ts';
import type { EventRule } from '../eventbridge/rules.ts';
import { createFaults, type Faults } from '../faults/faults.ts';
import type { Statement } from '../iam/statement.ts';
import { isObject } from '../json/json.ts';
import { createMeter, type Meter } from '../metering/meter.ts';
import { localRegion } from '../template/pseudo-parameters.ts';
import { giveBack } from './abandoned-receive.ts';
import { createPipeline, type Outcome } from './pipeline.ts';
import { createPartitionKeys } from './requirements/partition-keys.ts';
import { createRequirements } from './requirements/requirements.ts';
import { type InvokeFunction, invocation, lambdaInvoke } from './services/lambda-invoke.ts';
import { moveTasks } from './services/move-tasks.ts';
import { queueEngine } from './services/queue-engine.ts';
import { type SecretStore, secretsManager } from './services/secrets-manager.ts';

/** The principal of the local runtime itself: no policy applies to it. */
export const rootPrincipal = 'root';

export interface ProxyOptions {
  /** Origins of the engines, e.g. `http://127.0.0.1:8000`. */
  readonly engines: { readonly dynamodb: string; readonly sqs: string };
  /** A principal's statements; undefined for one that does not exist, which is denied. Never asked about `root`. */
  readonly statementsOf: (principal: string) => readonly Statement[] | undefined;
  /** Statements of a queue's own policy, by the queue's ARN. @default - no queue has one */
  readonly queuePolicies?: (queueArn: string) => readonly Statement[];
  readonly secrets: SecretStore;
  /** Asked at each PutEvents, so rules may come after the start. */
  readonly eventRules: () => readonly EventRule[];
  /** Carries an event to a rule's target. The caller of PutEvents neither waits for it nor hears of its failure. */
  readonly deliverEvent: (targetArn: string, event: unknown) => Promise<void>;
  /** @default - a process warning */
  readonly onDeliveryFailed?: (targetArn: string, error: unknown) => void;
  /** @default - there is no function */
  readonly invoke?: InvokeFunction;
  /** Told at every call that the proxy does not know, e.g. `dynamodb:ExecuteStatement by IngestFunction`. */
  readonly onUnknown: (call: string) => void;
}

export interface Proxy {
  /** e.g. `http://127.0.0.1:40123`; queue URLs are `<origin>/000000000000/<queue name>`. */
  readonly origin: string;
  readonly meter: Meter;
  readonly faults: Faults;
  /** Calls the proxy did not know, as `onUnknown` was told. */
  readonly unknownCalls: readonly string[];
  /** The variables that make a function's SDK clients call through here, as that principal. */
  environmentFor(principal: string): Record<string, string>;
  /** Ends move tasks, waits for events under way, cuts open connections. */
  stop(): Promise<void>;
}

/**
 * Starts the proxy through which every AWS call of every function goes, on a free port of 127.0.0.1.
 *
 * The caller is the access key id of the request's signature; the signature itself is not checked.
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const dynamodb = connectEngine(options.engines.dynamodb);
  const sqs = connectEngine(options.engines.sqs);
  const own = awsCaller(
    (service) => (service === 'sqs' ? options.engines.sqs : options.engines.dynamodb),
    rootPrincipal,
  );
  const meter = createMeter();
  const faults = createFaults();
  const unknownCalls: string[] = [];
  const moves = moveTasks(queueEngine(own));
  const events = eventBridge({
    rules: options.eventRules,
    deliver: options.deliverEvent,
    onDeliveryFailed:
      options.onDeliveryFailed ??
      ((targetArn, error) => process.emitWarning(`an event was not delivered to ${targetArn}: ${error}`)),
  });
  const unknown = (what: string, principal: string) => {
    unknownCalls.push(`${what} by ${principal}`);
    options.onUnknown(`${what} by ${principal}`);
  };
  let origin = '';
  const pipeline = createPipeline({
    origin: () => origin,
    rootPrincipal,
    statementsOf: options.statementsOf,
    queuePolicies: options.queuePolicies ?? (() => []),
    requirements: createRequirements(createPartitionKeys(own), rootPrincipal),
    services: { secretsmanager: secretsManager(options.secrets), events: events.actions, sqs: moves.actions },
    engines: {
      dynamodb,
      dynamodbstreams: dynamodb,
      sqs,
      lambda: lambdaInvoke(options.invoke ?? (() => undefined)),
    },
    meter,
    faults,
    onUnknown: (call) => unknown(`${call.service}:${call.action}`, call.principal),
  });

  let stopping = false;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<Outcome> => {
    const who = identify(request.headers, request.method ?? '', request.url ?? '');
    if (who.kind === 'unknown') {
      unknown(who.what, who.principal);
      return errorAnswer('dynamodb', notSupported(who.what));
    }
    const bytes = await collect(request);
    const { principal, service, action } = who;
    const invoked = service === 'lambda' ? functionIn(request.url ?? '') : undefined;
    const input = invoked === undefined ? parseInput(bytes) : invocation(invoked, bytes);
    if (input === undefined) {
      const message = `${service}:${action}: the body is no JSON object`;
      return errorAnswer(service, new ServiceError(400, 'SerializationException', message));
    }
    const call: Call = { principal, service, action, input };
    try {
      const body = invoked === undefined ? bytes : Buffer.from(JSON.stringify(input));
      const outcome = await pipeline(call, request.headers, body);
      if (response.destroyed && typeof outcome === 'object') await giveBack(call, outcome, own);
      return outcome;
    } catch (error) {
      // Calls that are cut when the run stops are no news.
      if (!stopping)
        process.emitWarning(`${service}:${action} by ${principal} failed in the proxy: ${error}`);
      return errorAnswer(service, unavailable(service));
    }
  };

  const server = createServer((request, response) => {
    handle(request, response).then(
      (outcome) => finish(response, outcome),
      // The caller went away before its request was read: there is nobody to answer.
      () => response.destroy(),
    );
  });
  // The SDKs keep their sockets: if the proxy closed idle ones, calls would race with the closing.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error(`the proxy listens on ${address}, not on a port`);
  origin = `http://127.0.0.1:${address.port}`;

  return {
    origin,
    meter,
    faults,
    unknownCalls,
    environmentFor: (principal) => ({
      AWS_REGION: localRegion,
      AWS_ACCESS_KEY_ID: principal,
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_DYNAMODB: origin,
      AWS_ENDPOINT_URL_SQS: origin,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: origin,
      AWS_ENDPOINT_URL_EVENTBRIDGE: origin,
      AWS_ENDPOINT_URL_LAMBDA: origin,
    }),
    stop: async () => {
      stopping = true;
      await Promise.all([moves.settled(), events.settled()]);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      dynamodb.close();
      sqs.close();
      own.close();
    },
  };
}

function finish(response: ServerResponse, outcome: Outcome): void {
  if (outcome === 'never') return;
  if (outcome === 'cut') {
    response.destroy();
    return;
  }
  response.writeHead(outcome.status, { ...headersOf(outcome), 'content-length': outcome.body.length });
  response.end(outcome.body);
}

function headersOf(answer: Answer): { [name: string]: string | string[] } {
  return Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]),
  );
}

function parseInput(bytes: Buffer): Call['input'] | undefined {
  try {
    const input: unknown = JSON.parse(bytes.length === 0 ? '{}' : bytes.toString());
    return isObject(input) ? input : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
