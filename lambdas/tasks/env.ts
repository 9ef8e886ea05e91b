/** The environment of the tasks function. Queue values are queue URLs. */
export const tasksVariables = {
  /** Distinguishes the metrics of several deployments in one account. */
  deployment: 'HOOK0_DEPLOYMENT',
  configTable: 'HOOK0_CONFIG_TABLE',
  eventTable: 'HOOK0_EVENT_TABLE',
  highQueue: 'HOOK0_HIGH_QUEUE',
  normalQueue: 'HOOK0_NORMAL_QUEUE',
  lowQueue: 'HOOK0_LOW_QUEUE',
  retryQueue: 'HOOK0_RETRY_QUEUE',
  /** The queue that this function consumes, and to which it sends the next step of a task. */
  redriveQueue: 'HOOK0_REDRIVE_QUEUE',
  deadLetterQueue: 'HOOK0_DEAD_LETTER_QUEUE',
  retentionDays: 'HOOK0_RETENTION_DAYS',
} as const;
