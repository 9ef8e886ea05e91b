import { arnOf, physicalName } from '../template/names.ts';

/** What only AWS can give: alarms, dashboards, log groups, keys. They exist here by name, so that others can refer to them. */
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
  'AWS::KMS::Key',
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

/** Any attribute: an ARN under the names that ARNs have, else the name itself. */
export function nominalAttribute(type: string, ref: string, name: string): string {
  const service = (type.split('::')[1] ?? 'local').toLowerCase();
  return /Arn$/i.test(name) ? arnOf(service, ref) : ref;
}
