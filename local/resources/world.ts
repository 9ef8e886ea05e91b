import type { AwsProxy } from '../aws-api/proxy.ts';
import type { AwsCaller } from '../aws-protocol/client.ts';
import type { State } from '../data-dir/state.ts';
import type { Engines } from '../engines/engines.ts';
import type { Poller } from '../event-sources/sqs-poller.ts';
import type { ScheduledTask } from '../eventbridge/schedules.ts';
import type { DeliverEvent, Subscription } from '../eventbridge/targets.ts';
import type { Cors } from '../gateway/cors.ts';
import type { Gateway, Integration } from '../gateway/gateway.ts';
import type { ApiRoute } from '../gateway/routes.ts';
import type { FunctionClock } from '../lambda/clock.ts';
import type { Invoker } from '../lambda/invoker.ts';
import type { LogSink } from '../lambda/logs.ts';
import type { Assets } from '../template/assets.ts';
import type { CustomResources } from './custom-resource-server.ts';

/** What resources need to be created, and what they leave behind for the stack to run. */
export interface World {
  readonly stackName: string;
  readonly assets: Assets;
  /** Called directly, because a deployment is not billed for creating tables and queues. */
  readonly engines: Engines;
  /** Calls through the proxy as the local run: metered, and open to injected faults. */
  readonly metered: AwsCaller;
  /** Calls as a function: Lambda's pollers receive and delete with the function's role. */
  readonly meteredAs: (functionId: string) => AwsCaller;
  readonly proxy: AwsProxy;
  readonly gateway: Gateway;
  readonly logs: LogSink;
  readonly state: State;
  readonly invoker: Invoker;
  readonly customResources: CustomResources;
  /** A folder for code that is written inside the template. */
  readonly scratchDir: string;
  /** Environment that is added to that of every function. */
  readonly extraEnvironment: Readonly<Record<string, string>>;
  /** The functions' clock. @default - this machine's clock */
  readonly clock: FunctionClock | undefined;
  readonly deliver: DeliverEvent;
  /** Values that replace those of secrets, by logical id. */
  readonly givenSecrets: Readonly<Record<string, string>>;

  /** Subscriptions by topic ARN. */
  readonly topics: Map<string, readonly Subscription[]>;
  /** By integration id. */
  readonly integrations: Map<string, Integration>;
  readonly routes: (ApiRoute<Integration> & { readonly apiId: string })[];
  /** By API id. */
  readonly cors: Map<string, Cors>;
  readonly schedules: ScheduledTask[];
  /** Started when all resources exist. */
  readonly pollers: (() => Poller)[];
  /** The ARN of a stream in the engine, by its ARN in the template. */
  readonly streams: Map<string, string>;
}
