/** The environment of the quarantine function. Queue values are queue URLs. */
export const quarantineVariables = {
  /** Distinguishes the metrics of several deployments in one account. */
  deployment: 'HOOK0_DEPLOYMENT',
  configTable: 'HOOK0_CONFIG_TABLE',
  eventTable: 'HOOK0_EVENT_TABLE',
  /** The queue that this function consumes and whose messages it postpones. */
  ownQueue: 'HOOK0_OWN_QUEUE',
  fanOutQueue: 'HOOK0_FAN_OUT_QUEUE',
  deadLetterQueue: 'HOOK0_DEAD_LETTER_QUEUE',
  bus: 'HOOK0_BUS',
  retentionDays: 'HOOK0_RETENTION_DAYS',
} as const;
