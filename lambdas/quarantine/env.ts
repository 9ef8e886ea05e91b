/** The environment of the quarantine function. Queue values are queue URLs. */
export const quarantineVariables = {
  eventTable: 'HOOK0_EVENT_TABLE',
  fanOutQueue: 'HOOK0_FAN_OUT_QUEUE',
  deadLetterQueue: 'HOOK0_DEAD_LETTER_QUEUE',
  bus: 'HOOK0_BUS',
  retentionDays: 'HOOK0_RETENTION_DAYS',
} as const;
