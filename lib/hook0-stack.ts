import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Hook0 } from './hook0.ts';
import { isProduction, type Settings } from './settings/settings.ts';

export interface Hook0StackProps extends StackProps {
  readonly settings: Settings;
}

/** A stack that holds only a Hook0. */
export class Hook0Stack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: Hook0StackProps) {
    super(scope, id, {
      description: `Hook0 (${settings.stage}): webhook delivery`,
      terminationProtection: isProduction(settings),
      ...props,
    });
    const hook0 = new Hook0(this, 'Hook0', settings);
    new CfnOutput(this, 'ApiUrl', {
      value: hook0.apiUrl,
      description: 'post events to /api/events of this address',
    });
    new CfnOutput(this, 'AdminTokenSecretArn', {
      value: hook0.adminTokenSecret.secretArn,
      description: 'the secret with the first admin token',
    });
    new CfnOutput(this, 'DashboardUrl', {
      value: hook0.dashboardUrl,
      description: 'the CloudWatch dashboard',
    });
  }
}
