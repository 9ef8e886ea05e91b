import type { Statement } from '../policy/statement.ts';
import type { Faults } from './faults.ts';
import type { Meter } from './meter.ts';

/** The principal of the local runtime itself: no policy applies to it. */
export const rootPrincipal = 'root';

/** Values of secrets by ARN, kept by whoever starts the proxy. */
export interface SecretStore {
  get(arn: string): string | undefined;
  put(arn: string, value: string): void;
}

export interface EventTarget {
  readonly arn: string;
  /** `Input` of the target: replaces the event. */
  readonly input?: string | undefined;
  /** `InputPath` of the target: the part of the event that is delivered. */
  readonly inputPath?: string | undefined;
}

/** A rule with an event pattern; rules with a schedule alone are no business of the proxy. */
export interface EventRule {
  readonly name: string;
  /** Name of its bus, `default` when the template names none. */
  readonly busName: string;
  readonly pattern: unknown;
  readonly targets: readonly EventTarget[];
}

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
  readonly deliverEvent: (targetArn: string, event: unknown) => Promise<void>;
  /** Told once for each call that the proxy does not know, e.g. `dynamodb:ExecuteStatement by IngestFunction`. */
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
  stop(): Promise<void>;
}

export declare function startProxy(options: ProxyOptions): Promise<Proxy>;
