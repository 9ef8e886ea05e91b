import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * An alarm. It goes off when the metric reaches the threshold in `minutes` of the last `of` periods.
 *
 * Metrics reach CloudWatch up to two minutes late, so that the newest periods are still empty when they are evaluated.
 * `of` is therefore at least `minutes` and two.
 */
export interface AlarmRule {
  readonly id: string;
  /** Critical: users lose something now, or will within the hour. Warning: somebody should look today. */
  readonly severity: 'critical' | 'warning';
  readonly metric: IMetric;
  readonly threshold: number;
  /** @default - at the threshold and above */
  readonly rings?: 'below';
  readonly minutes: number;
  readonly of: number;
  /** Whether no data is bad. @default - an idle deployment has no data, and is well */
  readonly missing?: 'breaching';
  /** What users notice. */
  readonly impact: string;
  /** The anchor of the section in docs/runbook.md. */
  readonly runbook: string;
}
