/** The environment of the control function. Queue values are queue URLs. */
export const controlVariables = {
  configTable: 'HOOK0_CONFIG_TABLE',
  eventTable: 'HOOK0_EVENT_TABLE',
  highQueue: 'HOOK0_HIGH_QUEUE',
  normalQueue: 'HOOK0_NORMAL_QUEUE',
  lowQueue: 'HOOK0_LOW_QUEUE',
  retryQueue: 'HOOK0_RETRY_QUEUE',
  redriveQueue: 'HOOK0_REDRIVE_QUEUE',
  fanOutQueue: 'HOOK0_FAN_OUT_QUEUE',
  bus: 'HOOK0_BUS',
  /** The deliver function that makes the requests of endpoint tests. */
  testFunction: 'HOOK0_TEST_FUNCTION',
  retentionDays: 'HOOK0_RETENTION_DAYS',
  /** The product's version, for `GET /health`. */
  version: 'HOOK0_VERSION',
} as const;
