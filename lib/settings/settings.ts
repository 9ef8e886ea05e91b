import { z } from 'zod';
import { corsOrigins } from './cors-origins.ts';

// Each setting is declared here and nowhere else: bounds, default, unit, text. `npm run settings` writes the construct's
// props and docs/settings.md from it. `accepts` completes the sentence "pass …".

const wholeNumber = (min: number, max: number) =>
  z
    .int()
    .min(min)
    .max(max)
    .meta({ accepts: `a whole number from ${min} to ${max}` });

// What CloudWatch Logs offers; CloudFormation refuses any other number in the middle of a deployment.
const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
// Lambda's own bounds for the maximum concurrency of an SQS event source.
const concurrency = wholeNumber(2, 1000);
// No default: a new account has too small a quota to reserve anything, and its deployment would fail.
const reserve = wholeNumber(1, 1000).optional();
// More than 10 messages reach a function only after a wait, and each message of a batch waits for the slowest.
const batchSize = wholeNumber(1, 10);
// Below 256 MB a cold start takes seconds; Lambda offers at most 10,240.
const megabytes = wholeNumber(256, 10_240);
const count = wholeNumber(1, 1_000_000);

const functionNames = [
  'ingest',
  'fan-out',
  'deliver',
  'api',
  'web',
  'scheduler',
  'tasks',
  'quarantine',
  'reconcile',
  'rollup',
  'bootstrap',
] as const;

export const settingsSchema = z.strictObject({
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/)
    // One stage under both names, so that it is not deployed twice.
    .overwrite((stage) => (stage === 'production' ? 'prod' : stage))
    .meta({ accepts: 'up to 20 lower-case letters, digits and dashes, a letter first' })
    .default('dev')
    .describe(
      'Name of the deployment; each stage has its own stack. `prod` (or `production`) keeps data when the stack is removed, protects the tables from deletion and turns on point-in-time recovery of events.',
    ),
  retentionDays: wholeNumber(1, 365)
    .default(30)
    .describe('Days for which settled events and deliveries stay readable.'),
  alarmEmail: z
    .string()
    // Only the shape is checked: the confirmation of the subscription proves the rest.
    .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/)
    .meta({ accepts: 'an e-mail address' })
    .optional()
    .describe(
      'Address that receives the alarms, once it has confirmed the subscription. Without it, alarms reach only the SNS topic.',
    ),
  customerManagedKey: z
    .boolean()
    .meta({ accepts: '`true` or `false`' })
    .default(false)
    .describe(
      'Encrypts the ConfigTable with a KMS key of this account ($1 a month) instead of a key that DynamoDB owns.',
    ),
  credentialEncryption: z
    .enum(['on', 'ending', 'off'])
    .meta({ accepts: '`on`, `ending` or `off`' })
    .default('on')
    .describe(
      'Encrypts signing secrets and headers of endpoints before they are stored, with a data key for each application that a KMS key wraps ($1 a month). To switch it off, deploy `ending` first, which decrypts them, and then `off`, which removes the key.',
    ),
  logRetentionDays: z
    .number()
    .refine((days) => logRetentions.includes(days))
    .meta({ accepts: `one of ${logRetentions.join(', ')}` })
    .default(30)
    .describe('Days for which CloudWatch keeps logs.'),
  apiRateLimit: wholeNumber(1, 10_000)
    .default(1000)
    .describe(
      'Requests per second that the API takes from all callers together, on each of its routes for posting events and on all others together. Above it, callers get 429. Requests without a token have a limit of their own, 50 per second for each path.',
    ),
  apiBurstLimit: wholeNumber(1, 5000)
    .default(1000)
    .describe(
      'Requests that the API takes at once. Above it, callers get 429. The quota of an account is 5,000, and 1,250 in the regions that opened last.',
    ),
  corsOrigins: corsOrigins
    .optional()
    .describe(
      'Origins of pages that may call the API from a browser, such as your own portal. Without it, answers have no CORS headers.',
    ),
  ipv6: z
    .boolean()
    .meta({ accepts: '`true` or `false`' })
    .default(false)
    .describe(
      'Webhooks go to IPv6 addresses as well. Lambda reaches them only from IPv6 subnets of a VPC, to which you attach the deliver functions yourself. Without it, a URL that only IPv6 reaches is refused when an endpoint is saved.',
    ),
  ownHosts: z
    .array(z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/))
    .min(1)
    .max(20)
    .readonly()
    .meta({ accepts: '1 to 20 host names in lower case, separated by commas' })
    .optional()
    .describe(
      'Further host names that lead to this API, such as a custom domain or a CDN. Endpoints may not point at them, nor at the address in the output `ApiUrl`, because such webhooks can loop.',
    ),
  allowOwnHosts: z
    .boolean()
    .meta({ accepts: '`true` or `false`' })
    .default(false)
    .describe(
      'Lets endpoints point at this API. A loop of webhooks then ends after 5 hops, and each hop may multiply the events.',
    ),
  highConcurrency: concurrency
    .default(50)
    .describe(
      'Deliver functions that run in parallel for priority high. Each makes up to 10 requests at once.',
    ),
  normalConcurrency: concurrency
    .default(100)
    .describe(
      'Deliver functions that run in parallel for priority normal. 100 make a thousand requests at once, which is what `apiRateLimit` lets in while receivers take a second each.',
    ),
  lowConcurrency: concurrency
    .default(20)
    .describe('Deliver functions that run in parallel for priority low.'),
  retryConcurrency: concurrency.default(50).describe('Deliver functions that run in parallel for retries.'),
  slowConcurrency: concurrency
    .default(20)
    .describe('Deliver functions that run in parallel for endpoints that answer slowly.'),
  fanOutConcurrency: concurrency
    .default(10)
    .describe(
      'Fan-out functions that run in parallel, for events that match more than 50 endpoints. 10 queue 20,000 deliveries per second, twice what the deliver functions of priority normal make.',
    ),
  tasksConcurrency: concurrency
    .default(5)
    .describe(
      'Tasks functions that run in parallel. 5 keep up with a move by the SQS console, which brings at most 500 messages per second.',
    ),
  ingestConcurrency: reserve.describe(
    'Functions reserved for taking events; more than these never run. Without it, they share what the account has left. The quota of the account must be at least 100 above all that is reserved, or the deployment fails.',
  ),
  apiConcurrency: reserve.describe(
    'Functions reserved for the API except posting events; more than these never run. Without it, they share what the account has left. The quota of the account must be at least 100 above all that is reserved, or the deployment fails.',
  ),
  deliverBatchSize: batchSize
    .default(10)
    .describe(
      'Messages that a deliver function takes at once. Fewer isolate endpoints better and cost more invocations.',
    ),
  fanOutBatchSize: batchSize
    .default(1)
    .describe(
      'Segments, of up to 1,000 deliveries each, that a fan-out function takes at once. Two take twice as long.',
    ),
  tasksBatchSize: batchSize.default(10).describe('Dead letters that a tasks function takes at once.'),
  lowBatchWindow: wholeNumber(0, 60)
    .default(0)
    .describe(
      'Seconds that deliveries of priority low may wait to share an invocation, which is cheaper when few come.',
    ),
  rollupBatchWindow: wholeNumber(0, 300)
    .default(60)
    .describe(
      'Seconds that changes may wait to be counted together. A longer window delays statistics and costs fewer writes.',
    ),
  memorySize: megabytes
    .default(512)
    .describe('MB of memory of each function. Lambda gives CPU in proportion.'),
  memory: z
    .partialRecord(z.enum(functionNames), megabytes)
    .readonly()
    .meta({
      accepts: `whole numbers from 256 to 10240 by function (${functionNames.join(', ')}), on the command line as JSON: \`-c memory='{"deliver": 256}'\``,
    })
    .optional()
    .describe(
      'MB of memory of single functions, instead of `memorySize`. A quarter of the memory of ingest holds routes; those of one application may take half of the memory of ingest and of scheduler.',
    ),
  shortestRetryDelay: wholeNumber(0, 60_000)
    .default(1_000)
    .describe(
      'Milliseconds between two attempts of a delivery, at least, whatever the `retryConfig` of its endpoint says.',
    ),
  allowCircuitOff: z
    .boolean()
    .meta({ accepts: '`true` or `false`' })
    .default(false)
    .describe(
      "Lets tokens of applications turn an endpoint's circuit breaker off, or set a threshold above 100. Tokens for all applications may always.",
    ),
  endpointLimit: count
    .default(1_000)
    .describe('Endpoints that an application may have, unless an operator gives it another limit.'),
  eventTypeLimit: count
    .default(10_000)
    .describe('Event types that an application may have, unless an operator gives it another limit.'),
  eventRateLimit: wholeNumber(1, 100_000)
    .default(1_000)
    .describe(
      'Events per second that an application may post over all its tokens, unless an operator gives it another limit.',
    ),
  dailyByteLimit: wholeNumber(10_000_000, 1_000_000_000_000_000)
    .default(10_000_000_000)
    .describe(
      'Bytes per day (UTC) of the bodies in which an application posts events, unless an operator gives it another limit.',
    ),
  requestRateLimit: wholeNumber(1, 10_000)
    .default(50)
    .describe(
      'Requests per second of one token of an application, besides posting events. Tokens for all applications are not limited.',
    ),
  adminTokenRound: count
    .default(1)
    .describe(
      'Raise it by one to change the admin token: the deployment takes over the token that you put into the secret and revokes the one before.',
    ),
});

/** Everything that can be chosen about a deployment, defaults filled in. */
export type Settings = Readonly<z.infer<typeof settingsSchema>>;

/** The names of the functions in `lambdas/`. */
export type FunctionName = (typeof functionNames)[number];

/** Whether data must survive the removal of the stack. */
export function isProduction({ stage }: Pick<Settings, 'stage'>): boolean {
  return stage === 'prod';
}

/** MB of memory of a function. */
export function memoryOf({ memory, memorySize }: Settings, name: FunctionName): number {
  return memory?.[name] ?? memorySize;
}
