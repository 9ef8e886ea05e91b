/** The environment of the rollup function. */
export const rollupVariables = {
  /** Tells the metrics of several deployments in one account apart. */
  deployment: 'HOOK0_DEPLOYMENT',
  eventTable: 'HOOK0_EVENT_TABLE',
  retentionDays: 'HOOK0_RETENTION_DAYS',
} as const;
