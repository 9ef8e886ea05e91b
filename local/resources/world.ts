import type { AwsProxy } from '../aws-api/proxy.ts';
import type { AwsCaller } from '../aws-protocol/client.ts';
import type { State } from '../data-dir/state.ts';
import type { Poller } from '../event-sources/sqs-poller.ts';
import type { ScheduledTask } from '../eventbridge/schedules.ts';
import type { Deliver, Subscription } from '../eventbridge/targets.ts';
import type { Cors } from '../gateway/cors.ts';
import type { Gateway, Integration } from '../gateway/gateway.ts';
import type { Route } from '../gateway/routes.ts';
import type { FunctionClock } from '../lambda/clock.ts';
import type { Invoker } from '../lambda/invoker.ts';
import type { LogSink } from '../lambda/logs.ts';
import type { Assets } from '../template/assets.ts';
import type { CustomResources } from './custom-resource-server.ts';

/** What resources are made of, and what they leave behind for the stack to run. */
export interface World {
  readonly stackName: string;
  readonly assets: Assets;
  /** Straight to the engines: making a table is no call that a deployment would be billed for. */
  readonly engines: AwsCaller;
  /** Through the proxy, as the local run itself: metered and open to injected faults. */
  readonly metered: AwsCaller;
  /** The same in a function's name: Lambda's pollers receive and delete with their function's own role. */
  readonly meteredAs: (functionId: string) => AwsCaller;
  readonly proxy: AwsProxy;
  readonly gateway: Gateway;
  readonly logs: LogSink;
  readonly state: State;
  readonly invoker: Invoker;
  readonly customResources: CustomResources;
  /** Where code that is written inside the template lands. */
  readonly scratchDir: string;
  /** Environment that every function gets on top of its own. */
  readonly extraEnvironment: Readonly<Record<string, string>>;
  /** That the functions see. @default - this machine's */
  readonly clock: FunctionClock | undefined;

  readonly deliver: Deliver;
  /** Values that replace those of secrets, by logical id. */
  readonly givenSecrets: Readonly<Record<string, string>>;

  /** Subscriptions by topic ARN. */
  readonly topics: Map<string, readonly Subscription[]>;
  /** By integration id. */
  readonly integrations: Map<string, Integration>;
  readonly routes: (Route<Integration> & { readonly apiId: string })[];
  /** By API id, of those that have any. */
  readonly cors: Map<string, Cors>;
  readonly schedules: ScheduledTask[];
  /** Started when everything exists. */
  readonly pollers: (() => Poller)[];
  /** The engine's own ARN of a stream, by the ARN that the template sees. */
  readonly streams: Map<string, string>;
}
