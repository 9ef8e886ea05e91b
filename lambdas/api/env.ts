/** The environment of the api function. Queue values are queue URLs. */
export const apiVariables = {
  configTable: 'HOOK0_CONFIG_TABLE',
  eventTable: 'HOOK0_EVENT_TABLE',
  highQueue: 'HOOK0_HIGH_QUEUE',
  normalQueue: 'HOOK0_NORMAL_QUEUE',
  lowQueue: 'HOOK0_LOW_QUEUE',
  retryQueue: 'HOOK0_RETRY_QUEUE',
  redriveQueue: 'HOOK0_REDRIVE_QUEUE',
  fanOutQueue: 'HOOK0_FAN_OUT_QUEUE',
  /** The last three are only measured. */
  slowQueue: 'HOOK0_SLOW_QUEUE',
  deadLetterQueue: 'HOOK0_DEAD_LETTER_QUEUE',
  quarantineQueue: 'HOOK0_QUARANTINE_QUEUE',
  bus: 'HOOK0_BUS',
  /** The deliver function that makes the requests of endpoint tests. */
  testFunction: 'HOOK0_TEST_FUNCTION',
  /** `true` if the deliver functions reach IPv6 addresses. */
  ipv6: 'HOOK0_IPV6',
  retentionDays: 'HOOK0_RETENTION_DAYS',
  /** The ARN of the KMS key that wraps the data keys of applications, or `none`. */
  credentialsKey: 'HOOK0_CREDENTIALS_KEY',
  /** How credentials are stored: `on`, `ending` or `off`. */
  encryption: 'HOOK0_ENCRYPTION',
  /** What an application may have and post, unless an operator set other limits. */
  endpointLimit: 'HOOK0_ENDPOINT_LIMIT',
  eventTypeLimit: 'HOOK0_EVENT_TYPE_LIMIT',
  eventRateLimit: 'HOOK0_EVENT_RATE_LIMIT',
  dailyByteLimit: 'HOOK0_DAILY_BYTE_LIMIT',
  /** Requests a second of one token. */
  requestRateLimit: 'HOOK0_REQUEST_RATE_LIMIT',
  /** MB of the smallest function that holds all routes of an application. */
  routingMemory: 'HOOK0_ROUTING_MEMORY',
  /** Where the API is reached: origins and host names, separated by commas. Endpoints may not point there. */
  ownHosts: 'HOOK0_OWN_HOSTS',
  /** `refuse`, or `allow` when an operator lets endpoints point at the API. */
  ownTargets: 'HOOK0_OWN_TARGETS',
  /** Whether tokens of applications may turn circuit breakers off: `refuse` or `allow`. */
  circuitOff: 'HOOK0_CIRCUIT_OFF',
} as const;
