import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Dashboard, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { AlarmRule } from './alarm-rule.ts';
import { alarmRules } from './alarm-rules.ts';
import { dashboardWidgets } from './dashboard-widgets.ts';
import type { Observed } from './observed.ts';

export interface MonitoringProps extends Observed {
  /** @default - alarms reach the topic only */
  readonly alarmEmail?: string | undefined;
}

/** The dashboard, the alarms and their topic. */
export class Monitoring extends Construct {
  readonly dashboard: Dashboard;
  readonly alarmTopic: Topic;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    this.alarmTopic = new Topic(this, 'Alarms', { displayName: 'Hook0 alarms', enforceSSL: true });
    this.letAlarmsPublish();
    if (props.alarmEmail !== undefined) {
      this.alarmTopic.addSubscription(new EmailSubscription(props.alarmEmail));
    }
    const action = new SnsAction(this.alarmTopic);
    for (const rule of alarmRules(props)) {
      const alarm = this.createAlarm(rule);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
    this.dashboard = new Dashboard(this, 'Dashboard', { widgets: dashboardWidgets(props) });
  }

  /** The address of the dashboard in the AWS console. */
  get dashboardUrl(): string {
    const { region } = Stack.of(this);
    return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${this.dashboard.dashboardName}`;
  }

  private createAlarm(rule: AlarmRule): Alarm {
    return new Alarm(this, rule.id, {
      alarmDescription: `${rule.severity}: ${rule.impact} What to do: docs/runbook.md#${rule.runbook}`,
      metric: rule.metric,
      threshold: rule.threshold,
      datapointsToAlarm: rule.minutes,
      evaluationPeriods: rule.of,
      comparisonOperator:
        rule.rings === 'below'
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData:
        rule.missing === 'breaching' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }

  // The default policy of a topic allows alarms of the account to publish; a policy of our own replaces it.
  private letAlarmsPublish(): void {
    const stack = Stack.of(this);
    const alarms = stack.formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.alarmTopic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.alarmTopic.topicArn],
        conditions: {
          ArnLike: { 'aws:SourceArn': alarms },
          StringEquals: { 'aws:SourceAccount': stack.account },
        },
      }),
    );
  }
}
