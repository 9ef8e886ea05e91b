/** The environment of the rollup function. */
export const rollupVariables = {
  /** Distinguishes the metrics of several deployments in one account. */
  deployment: 'HOOK0_DEPLOYMENT',
  eventTable: 'HOOK0_EVENT_TABLE',
  retentionDays: 'HOOK0_RETENTION_DAYS',
} as const;
