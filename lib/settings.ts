import { nearest } from './nearest.ts';
import {
  address,
  flag,
  oneOf,
  optional,
  origins,
  type Rule,
  stageName,
  wholeNumber,
} from './setting-rules.ts';

/** Everything that can be chosen about a deployment. Defaults are those of {@link settingsTable}. */
export interface Settings {
  readonly stage: string;
  readonly retentionDays: number;
  readonly alarmEmail: string | undefined;
  readonly customerManagedKey: boolean;
  readonly logRetentionDays: number;
  readonly apiRateLimit: number;
  readonly apiBurstLimit: number;
  readonly corsOrigins: readonly string[] | undefined;
  readonly highConcurrency: number;
  readonly normalConcurrency: number;
  readonly lowConcurrency: number;
  readonly retryConcurrency: number;
  readonly slowConcurrency: number;
  readonly fanOutConcurrency: number;
  readonly redriveConcurrency: number;
  readonly ingestConcurrency: number | undefined;
  readonly controlConcurrency: number | undefined;
  readonly deliverBatchSize: number;
  readonly fanOutBatchSize: number;
  readonly redriveBatchSize: number;
  readonly lowBatchWindow: number;
  readonly rollupBatchWindow: number;
  readonly memorySize: number;
  readonly ingestMemory: number | undefined;
  readonly deliverMemory: number | undefined;
  readonly fanOutMemory: number | undefined;
  readonly controlMemory: number | undefined;
  readonly schedulerMemory: number | undefined;
  readonly redriveMemory: number | undefined;
  readonly reconcileMemory: number | undefined;
  readonly rollupMemory: number | undefined;
  readonly endpointLimit: number;
  readonly eventTypeLimit: number;
  readonly adminTokenRound: number;
}

type SettingName = keyof Settings;

// What CloudWatch Logs offers; any other number is refused by CloudFormation in the middle of a deployment.
const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

// Lambda refuses a maximum concurrency of an SQS event source below 2 or above 1,000.
const concurrency = (fallback: number, meaning: string) => wholeNumber(2, 1000, fallback, meaning);
// A reserve is also a limit. The account's quota bounds it, and a new account has none to give away: no default.
const reserve = (meaning: string) => optional(wholeNumber(1, 1000, 50, meaning));
// More than 10 messages come to a function only after a wait, and each of a batch waits for its slowest.
const batchSize = (fallback: number, meaning: string) => wholeNumber(1, 10, fallback, meaning);
// Below 256 MB a cold start takes seconds; 10,240 is what Lambda has.
const memory = (fallback: number, meaning: string) => wholeNumber(256, 10_240, fallback, meaning);

const rules: { readonly [Name in SettingName]: Rule<Settings[Name]> } = {
  stage: stageName(
    'dev',
    '`prod` (or `production`) keeps data when the stack is removed, protects the tables from deletion and turns on point-in-time recovery of events; every stage is a stack of its own',
  ),
  retentionDays: wholeNumber(1, 365, 30, 'days that settled events and deliveries stay readable'),
  alarmEmail: address('address that receives the alarms, after it confirmed the subscription'),
  customerManagedKey: flag(false, 'encrypt the ConfigTable with a KMS key of your own ($1 a month)'),
  logRetentionDays: oneOf(logRetentions, 30, 'days that CloudWatch keeps logs'),
  apiRateLimit: wholeNumber(1, 10_000, 1000, 'requests a second that the API takes, all callers together'),
  apiBurstLimit: wholeNumber(1, 5000, 2000, 'requests that the API takes at once'),
  corsOrigins: origins(
    'pages that may call the API from a browser, such as a portal of your own; without it, none',
  ),
  highConcurrency: concurrency(
    50,
    'parallel deliver functions for priority high; each makes up to 10 requests at once',
  ),
  normalConcurrency: concurrency(100, 'the same for priority normal'),
  lowConcurrency: concurrency(20, 'the same for priority low'),
  retryConcurrency: concurrency(50, 'the same for retries'),
  slowConcurrency: concurrency(20, 'the same for endpoints that answer slowly'),
  fanOutConcurrency: concurrency(
    10,
    'parallel fan-out functions, for events that match more than 50 endpoints',
  ),
  redriveConcurrency: concurrency(
    5,
    'parallel redrive functions; a move by the console brings at most 500 messages a second, which five keep up with',
  ),
  ingestConcurrency: reserve(
    'functions reserved for taking events, which then has no more; without it, whatever the account has left',
  ),
  controlConcurrency: reserve('the same for the rest of the API'),
  deliverBatchSize: batchSize(
    10,
    'messages that a deliver function takes at once: fewer keep endpoints further apart and cost more invocations',
  ),
  fanOutBatchSize: batchSize(
    1,
    'segments that a fan-out function takes at once; each is up to 1,000 deliveries, and two take twice as long',
  ),
  redriveBatchSize: batchSize(10, 'dead letters that a redrive function takes at once'),
  lowBatchWindow: wholeNumber(
    0,
    60,
    0,
    'seconds that deliveries of priority low may wait to share an invocation: cheaper when few come',
  ),
  rollupBatchWindow: wholeNumber(
    0,
    300,
    60,
    'seconds that changes may wait to be counted together: the statistics are so much later, and cost fewer writes',
  ),
  memorySize: memory(512, 'MB of memory of each function; Lambda gives CPU in proportion'),
  ingestMemory: optional(memory(1024, 'MB of ingest, instead of `memorySize`: a quarter of it holds routes')),
  deliverMemory: optional(memory(256, 'MB of the deliver functions, which mostly wait for receivers')),
  fanOutMemory: optional(memory(1024, 'MB of fan-out')),
  controlMemory: optional(memory(1024, 'MB of the rest of the API')),
  schedulerMemory: optional(memory(1024, 'MB of the scheduler, which packs routes')),
  redriveMemory: optional(memory(1024, 'MB of redrive')),
  reconcileMemory: optional(memory(1024, 'MB of reconcile')),
  rollupMemory: optional(memory(1024, 'MB of rollup')),
  endpointLimit: wholeNumber(
    1,
    1_000_000,
    100_000,
    'most endpoints of an application, unless an operator gives it another limit',
  ),
  eventTypeLimit: wholeNumber(1, 1_000_000, 10_000, 'the same for event types'),
  adminTokenRound: wholeNumber(
    1,
    1_000_000,
    1,
    'raised by one, the deployment takes over an admin token that was put into the secret and revokes the former',
  ),
};

const settingNames = Object.keys(rules) as readonly SettingName[];

/** Whether data must survive the removal of the stack. */
export function isProduction(settings: Pick<Settings, 'stage'>): boolean {
  return settings.stage === 'prod';
}

/**
 * Fills in defaults and checks every value, text (`-c name=value`) as well as typed.
 *
 * @throws Error with a line for every wrong value and every unknown name, each with what was received and the fix.
 */
export function parseSettings(given: Readonly<Record<string, unknown>>): Settings {
  const problems = Object.keys(given)
    .filter((name) => !Object.hasOwn(rules, name))
    .map(unknownSetting);
  const read = <Name extends SettingName>(name: Name): Settings[Name] => {
    const value = given[name];
    const rule: Rule<Settings[Name]> = rules[name];
    if (value === undefined) return rule.fallback;
    const parsed = rule.parse(value);
    if (!parsed.ok) {
      problems.push(
        `invalid ${name} ${show(value)}: pass ${rule.accepts}, for example -c ${name}=${rule.example}`,
      );
    }
    return parsed.ok ? parsed.value : rule.fallback;
  };
  const settings: Settings = {
    stage: read('stage'),
    retentionDays: read('retentionDays'),
    alarmEmail: read('alarmEmail'),
    customerManagedKey: read('customerManagedKey'),
    logRetentionDays: read('logRetentionDays'),
    apiRateLimit: read('apiRateLimit'),
    apiBurstLimit: read('apiBurstLimit'),
    corsOrigins: read('corsOrigins'),
    highConcurrency: read('highConcurrency'),
    normalConcurrency: read('normalConcurrency'),
    lowConcurrency: read('lowConcurrency'),
    retryConcurrency: read('retryConcurrency'),
    slowConcurrency: read('slowConcurrency'),
    fanOutConcurrency: read('fanOutConcurrency'),
    redriveConcurrency: read('redriveConcurrency'),
    ingestConcurrency: read('ingestConcurrency'),
    controlConcurrency: read('controlConcurrency'),
    deliverBatchSize: read('deliverBatchSize'),
    fanOutBatchSize: read('fanOutBatchSize'),
    redriveBatchSize: read('redriveBatchSize'),
    lowBatchWindow: read('lowBatchWindow'),
    rollupBatchWindow: read('rollupBatchWindow'),
    memorySize: read('memorySize'),
    endpointLimit: read('endpointLimit'),
    eventTypeLimit: read('eventTypeLimit'),
    adminTokenRound: read('adminTokenRound'),
    ingestMemory: read('ingestMemory'),
    deliverMemory: read('deliverMemory'),
    fanOutMemory: read('fanOutMemory'),
    controlMemory: read('controlMemory'),
    schedulerMemory: read('schedulerMemory'),
    redriveMemory: read('redriveMemory'),
    reconcileMemory: read('reconcileMemory'),
    rollupMemory: read('rollupMemory'),
  };
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return settings;
}

/**
 * The settings in a CDK context: plain words (`stage`, `retentionDays`). Keys with punctuation belong to the CDK,
 * its feature flags and its look-ups (`aws:cdk:…`, `@aws-cdk/…`, `availability-zones:…`), and are left alone.
 *
 * @throws Error as {@link parseSettings} does.
 */
export function settingsFromContext(context: Readonly<Record<string, unknown>>): Settings {
  return parseSettings(Object.fromEntries(Object.entries(context).filter(([key]) => /^\w+$/.test(key))));
}

/** The settings as a Markdown table, for docs/settings.md. */
export function settingsTable(): string {
  const rows = settingNames.map((name) => {
    const rule = rules[name];
    const fallback = rule.fallback === undefined ? '–' : `\`${rule.fallback}\``;
    return `| \`${name}\` | ${fallback} | ${rule.accepts} | ${rule.meaning} |`;
  });
  return ['| setting | default | accepts | meaning |', '|---|---|---|---|', ...rows].join('\n');
}

function unknownSetting(name: string): string {
  const guess = nearest(name, settingNames);
  return guess
    ? `unknown setting '${name}': did you mean '${guess}'?`
    : `unknown setting '${name}': leave it out; the settings are ${settingNames.join(', ')}`;
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(JSON.stringify(value));
}
