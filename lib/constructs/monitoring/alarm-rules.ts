import type { AlarmRule } from './alarm-rule.ts';
import { backgroundAlarms } from './alarms-background.ts';
import { deliveryAlarms } from './alarms-delivery.ts';
import { ingestAlarms } from './alarms-ingest.ts';
import { statisticsAlarms } from './alarms-statistics.ts';
import type { Observed } from './observed.ts';

export const alarmRules = (observed: Observed): AlarmRule[] => [
  ...ingestAlarms(observed),
  ...deliveryAlarms(observed),
  ...backgroundAlarms(observed),
  ...statisticsAlarms(observed),
];
