import { arnOf, physicalName } from '../template/names.ts';

/** Resources that only exist by name here, so that others can refer to them: alarms, dashboards, log groups. */
const types: ReadonlySet<string> = new Set([
  'AWS::ApplicationInsights::Application',
  'AWS::Budgets::Budget',
  'AWS::CDK::Metadata',
  'AWS::CloudFormation::WaitConditionHandle',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::AnomalyDetector',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::CloudWatch::InsightRule',
  'AWS::Events::Archive',
  'AWS::Events::EventBusPolicy',
  'AWS::KMS::Alias',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::Logs::ResourcePolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SecretsManager::ResourcePolicy',
]);

export function hasNoLocalMeaning(type: string): boolean {
  return types.has(type);
}

export function nominalRef(stackName: string, logicalId: string): string {
  return physicalName(stackName, logicalId, 128);
}

/** The value of any attribute: an ARN if its name ends in Arn, otherwise the name. */
export function nominalAttribute(type: string, ref: string, name: string): string {
  const service = (type.split('::')[1] ?? 'local').toLowerCase();
  return /Arn$/i.test(name) ? arnOf(service, ref) : ref;
}
