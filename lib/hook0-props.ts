import type { FunctionName } from './settings/settings.ts';

// Written by `npm run settings` from lib/settings/settings.ts.

/** How a Hook0 inside your own stack is set up. */
export interface Hook0Props {
  /**
   * Name of the deployment; each stage has its own stack. `prod` (or `production`) keeps data when the stack is
   * removed, protects the tables from deletion and turns on point-in-time recovery of events. Accepts up to 20
   * lower-case letters, digits and dashes, a letter first.
   * @default dev
   */
  readonly stage?: string;
  /**
   * Days for which settled events and deliveries stay readable. Accepts a whole number from 1 to 365.
   * @default 30
   */
  readonly retentionDays?: number;
  /**
   * Address that receives the alarms, once it has confirmed the subscription. Without it, alarms reach only the SNS
   * topic. Accepts an e-mail address.
   * @default - none
   */
  readonly alarmEmail?: string;
  /**
   * Encrypts the ConfigTable with a KMS key of this account ($1 a month) instead of a key that DynamoDB owns. Accepts
   * `true` or `false`.
   * @default false
   */
  readonly customerManagedKey?: boolean;
  /**
   * Encrypts signing secrets and headers of endpoints before they are stored, with a data key for each application
   * that a KMS key wraps ($1 a month). To switch it off, deploy `ending` first, which decrypts them, and then `off`,
   * which removes the key. Accepts `on`, `ending` or `off`.
   * @default on
   */
  readonly credentialEncryption?: string;
  /**
   * Days for which CloudWatch keeps logs. Accepts one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545,
   * 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * Requests per second that the API takes from all callers together, on each of its routes for posting events and on
   * all others together. Above it, callers get 429. Requests without a token have a limit of their own, 50 per second
   * for each path. Accepts a whole number from 1 to 10000.
   * @default 1000
   */
  readonly apiRateLimit?: number;
  /**
   * Requests that the API takes at once. Above it, callers get 429. The quota of an account is 5,000, and 1,250 in the
   * regions that opened last. Accepts a whole number from 1 to 5000.
   * @default 1000
   */
  readonly apiBurstLimit?: number;
  /**
   * Origins of pages that may call the API from a browser, such as your own portal. Without it, answers have no CORS
   * headers. Accepts 1 to 20 origins as browsers send them, separated by commas: `https://`, or `http://` on a
   * loopback host; no path, no `*`.
   * @default - none
   */
  readonly corsOrigins?: readonly string[];
  /**
   * Webhooks go to IPv6 addresses as well. Lambda reaches them only from IPv6 subnets of a VPC, to which you attach
   * the deliver functions yourself. Without it, a URL that only IPv6 reaches is refused when an endpoint is saved.
   * Accepts `true` or `false`.
   * @default false
   */
  readonly ipv6?: boolean;
  /**
   * Further host names that lead to this API, such as a custom domain or a CDN. Endpoints may not point at them, nor
   * at the address in the output `ApiUrl`, because such webhooks can loop. Accepts 1 to 20 host names in lower case,
   * separated by commas.
   * @default - none
   */
  readonly ownHosts?: readonly string[];
  /**
   * Lets endpoints point at this API. A loop of webhooks then ends after 5 hops, and each hop may multiply the events.
   * Accepts `true` or `false`.
   * @default false
   */
  readonly allowOwnHosts?: boolean;
  /**
   * Deliver functions that run in parallel for priority high. Each makes up to 10 requests at once. Accepts a whole
   * number from 2 to 1000.
   * @default 50
   */
  readonly highConcurrency?: number;
  /**
   * Deliver functions that run in parallel for priority normal. 100 make a thousand requests at once, which is what
   * `apiRateLimit` lets in while receivers take a second each. Accepts a whole number from 2 to 1000.
   * @default 100
   */
  readonly normalConcurrency?: number;
  /**
   * Deliver functions that run in parallel for priority low. Accepts a whole number from 2 to 1000.
   * @default 20
   */
  readonly lowConcurrency?: number;
  /**
   * Deliver functions that run in parallel for retries. Accepts a whole number from 2 to 1000.
   * @default 50
   */
  readonly retryConcurrency?: number;
  /**
   * Deliver functions that run in parallel for endpoints that answer slowly. Accepts a whole number from 2 to 1000.
   * @default 20
   */
  readonly slowConcurrency?: number;
  /**
   * Fan-out functions that run in parallel, for events that match more than 50 endpoints. 10 queue 20,000 deliveries
   * per second, twice what the deliver functions of priority normal make. Accepts a whole number from 2 to 1000.
   * @default 10
   */
  readonly fanOutConcurrency?: number;
  /**
   * Tasks functions that run in parallel. 5 keep up with a move by the SQS console, which brings at most 500 messages
   * per second. Accepts a whole number from 2 to 1000.
   * @default 5
   */
  readonly tasksConcurrency?: number;
  /**
   * Functions reserved for taking events; more than these never run. Without it, they share what the account has left.
   * The quota of the account must be at least 100 above all that is reserved, or the deployment fails. Accepts a whole
   * number from 1 to 1000.
   * @default - none
   */
  readonly ingestConcurrency?: number;
  /**
   * Functions reserved for the API except posting events; more than these never run. Without it, they share what the
   * account has left. The quota of the account must be at least 100 above all that is reserved, or the deployment
   * fails. Accepts a whole number from 1 to 1000.
   * @default - none
   */
  readonly apiConcurrency?: number;
  /**
   * Messages that a deliver function takes at once. Fewer isolate endpoints better and cost more invocations. Accepts
   * a whole number from 1 to 10.
   * @default 10
   */
  readonly deliverBatchSize?: number;
  /**
   * Segments, of up to 1,000 deliveries each, that a fan-out function takes at once. Two take twice as long. Accepts a
   * whole number from 1 to 10.
   * @default 1
   */
  readonly fanOutBatchSize?: number;
  /**
   * Dead letters that a tasks function takes at once. Accepts a whole number from 1 to 10.
   * @default 10
   */
  readonly tasksBatchSize?: number;
  /**
   * Seconds that deliveries of priority low may wait to share an invocation, which is cheaper when few come. Accepts a
   * whole number from 0 to 60.
   * @default 0
   */
  readonly lowBatchWindow?: number;
  /**
   * Seconds that changes may wait to be counted together. A longer window delays statistics and costs fewer writes.
   * Accepts a whole number from 0 to 300.
   * @default 60
   */
  readonly rollupBatchWindow?: number;
  /**
   * MB of memory of each function. Lambda gives CPU in proportion. Accepts a whole number from 256 to 10240.
   * @default 512
   */
  readonly memorySize?: number;
  /**
   * MB of memory of single functions, instead of `memorySize`. A quarter of the memory of ingest holds routes; those
   * of one application may take half of the memory of ingest and of scheduler. Accepts whole numbers from 256 to 10240
   * by function (ingest, fan-out, deliver, api, web, scheduler, tasks, quarantine, reconcile, rollup, bootstrap), on
   * the command line as JSON: `-c memory='{"deliver": 256}'`.
   * @default - none
   */
  readonly memory?: Partial<Readonly<Record<FunctionName, number>>>;
  /**
   * Milliseconds between two attempts of a delivery, at least, whatever the `retryConfig` of its endpoint says.
   * Accepts a whole number from 0 to 60000.
   * @default 1000
   */
  readonly shortestRetryDelay?: number;
  /**
   * Lets tokens of applications turn an endpoint's circuit breaker off, or set a threshold above 100. Tokens for all
   * applications may always. Accepts `true` or `false`.
   * @default false
   */
  readonly allowCircuitOff?: boolean;
  /**
   * Endpoints that an application may have, unless an operator gives it another limit. Accepts a whole number from 1
   * to 1000000.
   * @default 1000
   */
  readonly endpointLimit?: number;
  /**
   * Event types that an application may have, unless an operator gives it another limit. Accepts a whole number from 1
   * to 1000000.
   * @default 10000
   */
  readonly eventTypeLimit?: number;
  /**
   * Events per second that an application may post over all its tokens, unless an operator gives it another limit.
   * Accepts a whole number from 1 to 100000.
   * @default 1000
   */
  readonly eventRateLimit?: number;
  /**
   * Bytes per day (UTC) of the bodies in which an application posts events, unless an operator gives it another limit.
   * Accepts a whole number from 10000000 to 1000000000000000.
   * @default 10000000000
   */
  readonly dailyByteLimit?: number;
  /**
   * Requests per second of one token of an application, besides posting events. Tokens for all applications are not
   * limited. Accepts a whole number from 1 to 10000.
   * @default 50
   */
  readonly requestRateLimit?: number;
  /**
   * Raise it by one to change the admin token: the deployment takes over the token that you put into the secret and
   * revokes the one before. Accepts a whole number from 1 to 1000000.
   * @default 1
   */
  readonly adminTokenRound?: number;
}
