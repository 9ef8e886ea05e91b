import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Accepts a cdk-nag AwsSolutions finding on a construct, for a reason.
 *
 * @param rule the rule without its pack, for example `APIG4`
 * @param reason why the finding may stay, for reviewers
 */
export function acknowledge(construct: Construct, rule: string, reason: string): void {
  // With the pack's name in front, the CDK matches the acknowledgement and lists it in the validation report.
  Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
}
