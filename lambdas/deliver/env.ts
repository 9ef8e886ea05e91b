/** Each of these queues has its own deliver function, so that none uses the concurrency of another. */
export const queueClasses = ['high', 'normal', 'low', 'retry', 'slow'] as const;

export type QueueClass = (typeof queueClasses)[number];

/** The environment of a deliver function; there is one function per queue class. Queue values are queue URLs. */
export const deliverVariables = {
  /** Distinguishes the metrics of several deployments in one account, and names this one in the hop header. */
  deployment: 'HOOK0_DEPLOYMENT',
  configTable: 'HOOK0_CONFIG_TABLE',
  eventTable: 'HOOK0_EVENT_TABLE',
  /** The queue this function consumes: it changes the visibility of that queue's messages. */
  ownQueue: 'HOOK0_OWN_QUEUE',
  /** One of `queueClasses`. */
  queueClass: 'HOOK0_QUEUE_CLASS',
  retryQueue: 'HOOK0_RETRY_QUEUE',
  /** Takes the deliveries of slow endpoints. */
  slowQueue: 'HOOK0_SLOW_QUEUE',
  /** Takes the steps of a drain as well. */
  fanOutQueue: 'HOOK0_FAN_OUT_QUEUE',
  deadLetterQueue: 'HOOK0_DEAD_LETTER_QUEUE',
  bus: 'HOOK0_BUS',
  /** `true` if the function reaches IPv6 addresses. */
  ipv6: 'HOOK0_IPV6',
  retentionDays: 'HOOK0_RETENTION_DAYS',
  /** The ARN of the KMS key that wraps the data keys of applications, or `none`. */
  credentialsKey: 'HOOK0_CREDENTIALS_KEY',
  /** How credentials are stored: `on`, `ending` or `off`. */
  encryption: 'HOOK0_ENCRYPTION',
  /** Milliseconds between two attempts of a delivery, at least. */
  shortestRetryDelay: 'HOOK0_SHORTEST_RETRY_DELAY',
  /** The product's version, for the User-Agent header. */
  version: 'HOOK0_VERSION',
} as const;
