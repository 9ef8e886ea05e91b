import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Accepts a cdk-nag AwsSolutions finding on a construct, for a reason.
 *
 * @param rule the rule without its pack, for example `APIG4`
 * @param reason why the finding is right to stay; read by reviewers
 */
export function acknowledge(construct: Construct, rule: string, reason: string): void {
  // The pack's name in front makes the CDK itself match the acknowledgement, and so list it in the validation report.
  Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
}
