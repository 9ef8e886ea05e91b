/** The environment of the ingest function. Queue values are queue URLs. */
export const ingestVariables = {
  /** Distinguishes the metrics of several deployments in one account. */
  deployment: 'HOOK0_DEPLOYMENT',
  configTable: 'HOOK0_CONFIG_TABLE',
  eventTable: 'HOOK0_EVENT_TABLE',
  highQueue: 'HOOK0_HIGH_QUEUE',
  normalQueue: 'HOOK0_NORMAL_QUEUE',
  lowQueue: 'HOOK0_LOW_QUEUE',
  fanOutQueue: 'HOOK0_FAN_OUT_QUEUE',
  /** Events a second and bytes a day that an application may post, unless an operator set other limits. */
  eventRateLimit: 'HOOK0_EVENT_RATE_LIMIT',
  dailyByteLimit: 'HOOK0_DAILY_BYTE_LIMIT',
  retentionDays: 'HOOK0_RETENTION_DAYS',
} as const;
