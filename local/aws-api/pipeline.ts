import type { IncomingHttpHeaders } from 'node:http';
import { type AwsAnswer, errorAnswer, jsonAnswer, ServiceError } from '../aws-protocol/answer.ts';
import type { AwsCall, Service } from '../aws-protocol/call.ts';
import {
  accessDenied,
  notSupported,
  throttled,
  unavailable,
  unknownPrincipal,
} from '../aws-protocol/errors.ts';
import type { LocalService } from '../aws-protocol/service.ts';
import type { Fault, FaultInjector } from '../faults/faults.ts';
import { splitBatch } from '../faults/partial-batch.ts';
import { type AccessDecision, type AuthorizationRequest, evaluate } from '../iam/evaluate.ts';
import { decideOnKey } from '../iam/key-policy.ts';
import type { Statement } from '../iam/statement.ts';
import { isObject } from '../json/json.ts';
import { askForCapacity, readCapacity } from '../metering/dynamodb-capacity.ts';
import type { RecordingMeter, Usage } from '../metering/meter.ts';
import { billedRequests } from '../metering/sqs-requests.ts';
import { rewriteQueueUrls } from './queue-urls.ts';
import type { Requirements } from './requirements/requirements.ts';

/** `cut`: the work is done, but the connection is closed instead of an answer. `never`: no answer is sent. */
export type CallOutcome = AwsAnswer | 'cut' | 'never';

export interface PipelineOptions {
  readonly origin: () => string;
  readonly rootPrincipal: string;
  readonly statementsOf: (principal: string) => readonly Statement[] | undefined;
  readonly queuePolicies: (queueArn: string) => readonly Statement[];
  readonly keyPolicies: (keyArn: string) => readonly Statement[];
  readonly requirements: Requirements;
  /** Actions that the proxy emulates. */
  readonly services: { readonly [Name in Service]?: LocalService };
  /** Performs every other action. @throws ServiceError for a service that it does not know */
  readonly forward: (call: AwsCall, headers: IncomingHttpHeaders, bytes: Buffer) => Promise<AwsAnswer>;
  readonly meter: RecordingMeter;
  readonly faults: FaultInjector;
  readonly onUnknown: (call: AwsCall) => void;
}

/** Takes one call from its headers and bytes to its outcome: faults, policy, engine or emulated service, meter. */
export type Pipeline = (call: AwsCall, headers: IncomingHttpHeaders, bytes: Buffer) => Promise<CallOutcome>;

export function createPipeline(options: PipelineOptions): Pipeline {
  return async (call, headers, bytes) => {
    await options.faults.before(call);
    const fault = options.faults.next(call);
    const outcome = await respond(call, headers, bytes, fault);
    const answer = outcome === 'never' ? undefined : outcome.answer;
    const received = fault?.kind === 'drop-response' ? undefined : answer;
    const status = received?.status ?? 0;
    options.meter.record(call, status, outcome === 'never' ? {} : outcome.usage);
    await options.faults.after(call, { status, body: received?.body ?? Buffer.alloc(0) });
    return outcome === 'never' ? 'never' : (received ?? 'cut');
  };

  async function respond(
    call: AwsCall,
    headers: IncomingHttpHeaders,
    bytes: Buffer,
    fault: Fault | undefined,
  ) {
    const refuse = (error: ServiceError) => ({ answer: errorAnswer(call.service, error), usage: {} });
    try {
      const injected = fault === undefined ? undefined : injectedError(call.service, fault);
      if (injected === 'never') return 'never';
      if (injected !== undefined) return refuse(injected);
      const refusal = await authorise(call);
      if (refusal !== undefined) return refuse(refusal);
      return await perform(call, headers, bytes, fault);
    } catch (error) {
      if (error instanceof ServiceError) return refuse(error);
      throw error;
    }
  }

  async function authorise(call: AwsCall): Promise<ServiceError | undefined> {
    const { requirements } = options;
    const isRoot = call.principal === options.rootPrincipal;
    if (!isRoot) await requirements.prepare(call);
    const requests = requirements.of(call);
    if (requests === undefined) {
      options.onUnknown(call);
      return notSupported(`${call.service}:${call.action}`);
    }
    if (isRoot) return undefined;
    const statements = options.statementsOf(call.principal);
    if (statements === undefined) return unknownPrincipal(call.service, call.principal);
    for (const request of requests) {
      const decision = decide(call, statements, request);
      if (!decision.allowed) {
        return accessDenied(call.service, call.principal, request.action, request.resource, decision.reason);
      }
    }
    return undefined;
  }

  function decide(
    { service }: AwsCall,
    statements: readonly Statement[],
    request: AuthorizationRequest,
  ): AccessDecision {
    switch (service) {
      case 'sqs':
        return evaluate([...statements, ...options.queuePolicies(request.resource)], request);
      case 'kms':
        return decideOnKey(statements, options.keyPolicies(request.resource), request);
      default:
        return evaluate(statements, request);
    }
  }

  async function perform(
    call: AwsCall,
    headers: IncomingHttpHeaders,
    bytes: Buffer,
    fault: Fault | undefined,
  ) {
    const split =
      fault?.kind === 'partial-batch'
        ? splitBatch(call, fault.entry ?? ((index) => index % 2 === 0))
        : undefined;
    if (split === undefined) return send(call, headers, bytes);
    if (split.forward === undefined) {
      return { answer: jsonAnswer(call.service, 200, split.merge({})), usage: {} };
    }
    const rest = { ...call, input: split.forward };
    const sent = await send(rest, headers, Buffer.from(JSON.stringify(split.forward)));
    const output: unknown = JSON.parse(sent.answer.body.toString());
    if (sent.answer.status !== 200 || !isObject(output)) return sent;
    return { ...sent, answer: jsonAnswer(call.service, 200, split.merge(output)) };
  }

  async function send(call: AwsCall, headers: IncomingHttpHeaders, bytes: Buffer): Promise<Sent> {
    const handler = options.services[call.service]?.get(call.action);
    if (handler !== undefined) {
      const usage: Usage = call.service === 'sqs' ? { billedRequests: 1 } : {};
      return { answer: jsonAnswer(call.service, 200, await handler(call.input)), usage };
    }
    const asked = askForCapacity(call, bytes);
    const answer = await options.forward(call, headers, asked.bytes);
    if (call.service === 'sqs') {
      return {
        answer: rewriteQueueUrls(call, answer, options.origin()),
        usage: { billedRequests: billedRequests(call, bytes.length, answer) },
      };
    }
    return readCapacity(call, answer, asked.added);
  }
}

interface Sent {
  readonly answer: AwsAnswer;
  readonly usage: Usage;
}

function injectedError(service: Service, { kind }: Fault): ServiceError | 'never' | undefined {
  switch (kind) {
    case 'throttle':
      return throttled(service);
    case 'unavailable':
      return unavailable(service);
    case 'timeout':
      return 'never';
    case 'drop-response':
    case 'partial-batch':
      return undefined;
    default:
      return new ServiceError(kind.statusCode, kind.type, kind.message);
  }
}
