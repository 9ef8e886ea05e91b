import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AwsAnswer, errorAnswer, ServiceError } from '../aws-protocol/answer.ts';
import { type AwsCall, functionIn, identify } from '../aws-protocol/call.ts';
import { collect, connect } from '../aws-protocol/connection.ts';
import { notSupported, unavailable } from '../aws-protocol/errors.ts';
import type { Section } from '../data-dir/state.ts';
import type { Engines } from '../engines/engines.ts';
import { eventBridge } from '../eventbridge/put-events.ts';
import type { EventRule } from '../eventbridge/rules.ts';
import { createFaults, type Faults } from '../faults/faults.ts';
import type { Statement } from '../iam/statement.ts';
import { isObject } from '../json/json.ts';
import { createMeter, type Meter } from '../metering/meter.ts';
import { refuseForeign } from '../net/foreign.ts';
import { listen } from '../net/listen.ts';
import { localRegion } from '../template/pseudo-parameters.ts';
import { returnMessages } from './abandoned-receive.ts';
import { type CallOutcome, createPipeline, type PipelineOptions } from './pipeline.ts';
import { createPartitionKeys } from './requirements/partition-keys.ts';
import { createRequirements } from './requirements/requirements.ts';
import { kms } from './services/kms.ts';
import { type InvokeFunction, invokeInput, lambdaInvoke } from './services/lambda-invoke.ts';
import { moveTasks } from './services/move-tasks.ts';
import { queueEngine } from './services/queue-engine.ts';
import { secretsManager } from './services/secrets-manager.ts';

/** The principal of the local run itself. No policy applies to it. */
export const rootPrincipal = 'root';

export interface ProxyOptions {
  readonly engines: Engines;
  /** A principal's statements; undefined for one that does not exist, which is denied. Not asked about `root`. */
  readonly statementsOf: (principal: string) => readonly Statement[] | undefined;
  /** Statements of a queue's policy, by the queue's ARN. */
  readonly queuePolicies: (queueArn: string) => readonly Statement[];
  /** Statements of a KMS key's policy, by the key's ARN. */
  readonly keyPolicies: (keyArn: string) => readonly Statement[];
  /** Values of secrets by ARN. */
  readonly secrets: Section;
  /** Bytes of KMS keys by ARN. */
  readonly kmsKeys: Section;
  /** Asked at each PutEvents, so that rules may be added after the start. */
  readonly eventRules: () => readonly EventRule[];
  /** Brings an event to a rule's target. Never rejects. PutEvents does not wait for it. */
  readonly deliverEvent: (targetArn: string, event: unknown) => Promise<void>;
  readonly invoke: InvokeFunction;
  /** Called for each call that the proxy does not know, e.g. `dynamodb:ExecuteStatement by IngestFunction`. */
  readonly onUnknown: (call: string) => void;
}

export interface AwsProxy {
  /** e.g. `http://127.0.0.1:40123`; queue URLs are `<origin>/000000000000/<queue name>`. */
  readonly origin: string;
  readonly meter: Meter;
  readonly faults: Faults;
  /** The calls that `onUnknown` was called for. */
  readonly unknownCalls: readonly string[];
  /** The variables that make a function's SDK clients call the proxy, as that principal. */
  environmentFor(principal: string): Record<string, string>;
  /** Ends move tasks, waits for events on their way to targets, closes open connections. */
  stop(): Promise<void>;
}

/**
 * Starts the proxy that receives every AWS call of every function, on a free port of 127.0.0.1.
 *
 * The access key id of a request's signature names the caller. The signature is not checked.
 */
export async function startProxy(options: ProxyOptions): Promise<AwsProxy> {
  const { engines } = options;
  const dynamodb = connect(engines.dynamodb);
  const sqs = connect(engines.sqs);
  const meter = createMeter();
  const faults = createFaults();
  const queues = queueEngine(engines.call);
  const moves = moveTasks(queues);
  const events = eventBridge(options.eventRules, options.deliverEvent);
  const unknownCalls: string[] = [];
  const noteUnknown = (what: string, principal: string) => {
    unknownCalls.push(`${what} by ${principal}`);
    options.onUnknown(`${what} by ${principal}`);
  };
  const forward: PipelineOptions['forward'] = async ({ service, action, input }, headers, bytes) => {
    switch (service) {
      case 'dynamodb':
      case 'dynamodbstreams':
        return dynamodb.forward(headers, bytes);
      case 'sqs':
        return sqs.forward(headers, bytes);
      case 'lambda':
        return lambdaInvoke(input, headers, options.invoke);
      default:
        throw notSupported(`${service}:${action}`);
    }
  };
  const pipeline = createPipeline({
    ...options,
    rootPrincipal,
    meter,
    faults,
    forward,
    origin: () => origin,
    requirements: createRequirements(createPartitionKeys(engines.call), rootPrincipal),
    services: {
      secretsmanager: secretsManager(options.secrets),
      events: events.actions,
      sqs: moves.actions,
      kms: kms(options.kmsKeys),
    },
    onUnknown: (call) => noteUnknown(`${call.service}:${call.action}`, call.principal),
  });

  let isStopping = false;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<CallOutcome> => {
    const caller = identify(request.headers, request.method ?? '', request.url ?? '');
    if (caller.kind === 'unknown') {
      noteUnknown(caller.what, caller.principal);
      return errorAnswer('dynamodb', notSupported(caller.what));
    }
    const bytes = await collect(request);
    const { principal, service, action } = caller;
    const input =
      service === 'lambda' ? invokeInput(functionIn(request.url ?? '') ?? '', bytes) : parseInput(bytes);
    if (input === undefined) {
      const message = `${service}:${action}: the body is not a JSON object`;
      return errorAnswer(service, new ServiceError(400, 'SerializationException', message));
    }
    const call: AwsCall = { principal, service, action, input };
    try {
      const outcome = await pipeline(call, request.headers, bytes);
      if (response.destroyed && typeof outcome === 'object') await returnMessages(call, outcome, queues);
      return outcome;
    } catch (error) {
      // A stop cuts calls, which needs no warning.
      if (!isStopping)
        process.emitWarning(`${service}:${action} by ${principal} failed in the proxy: ${error}`);
      return errorAnswer(service, unavailable(service));
    }
  };

  const server = createServer(
    refuseForeign((request, response) => {
      handle(request, response).then(
        (outcome) => finish(response, outcome),
        // The caller disconnected before its request was read.
        () => response.destroy(),
      );
    }),
  );
  // The SDKs keep their sockets. If the proxy closed idle ones, a call could meet the closing.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  const origin = `http://127.0.0.1:${await listen(server)}`;

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
      AWS_ENDPOINT_URL_KMS: origin,
    }),
    stop: async () => {
      isStopping = true;
      await Promise.all([moves.settled(), events.settled()]);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      dynamodb.close();
      sqs.close();
    },
  };
}

function finish(response: ServerResponse, outcome: CallOutcome): void {
  if (outcome === 'never') return;
  if (outcome === 'cut') {
    response.destroy();
    return;
  }
  response.writeHead(outcome.status, { ...headersOf(outcome), 'content-length': outcome.body.length });
  response.end(outcome.body);
}

function headersOf(answer: AwsAnswer): { [name: string]: string | string[] } {
  return Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]),
  );
}

function parseInput(bytes: Buffer): AwsCall['input'] | undefined {
  try {
    const input: unknown = JSON.parse(bytes.length === 0 ? '{}' : bytes.toString());
    return isObject(input) ? input : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
