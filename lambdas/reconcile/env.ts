/** The environment of the reconcile function. Queue values are queue URLs. */
export const reconcileVariables = {
  /** Distinguishes the metrics of several deployments in one account. */
  deployment: 'HOOK0_DEPLOYMENT',
  configTable: 'HOOK0_CONFIG_TABLE',
  eventTable: 'HOOK0_EVENT_TABLE',
  highQueue: 'HOOK0_HIGH_QUEUE',
  normalQueue: 'HOOK0_NORMAL_QUEUE',
  lowQueue: 'HOOK0_LOW_QUEUE',
  retentionDays: 'HOOK0_RETENTION_DAYS',
} as const;
