/** The environment of the fan-out function. Queue values are queue URLs. */
export const fanOutVariables = {
  /** Distinguishes the metrics of several deployments in one account. */
  deployment: 'HOOK0_DEPLOYMENT',
  configTable: 'HOOK0_CONFIG_TABLE',
  eventTable: 'HOOK0_EVENT_TABLE',
  /** The fan-out queue, which this function consumes. */
  ownQueue: 'HOOK0_OWN_QUEUE',
  highQueue: 'HOOK0_HIGH_QUEUE',
  normalQueue: 'HOOK0_NORMAL_QUEUE',
  lowQueue: 'HOOK0_LOW_QUEUE',
  retryQueue: 'HOOK0_RETRY_QUEUE',
  retentionDays: 'HOOK0_RETENTION_DAYS',
} as const;
