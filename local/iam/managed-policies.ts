import type { Statement } from './statement.ts';

const allow = (actions: readonly string[]): readonly Statement[] => [
  {
    effect: 'Allow',
    actions: { kind: 'only', patterns: actions },
    resources: { kind: 'only', patterns: ['*'] },
    conditions: [],
  },
];

/** Managed policies of AWS that CDK constructs attach, by the last part of their ARN (AWS managed policy reference). */
const policies: ReadonlyMap<string, readonly Statement[]> = new Map([
  [
    'service-role/AWSLambdaBasicExecutionRole',
    allow(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']),
  ],
  [
    'AWSXRayDaemonWriteAccess',
    allow([
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ]),
  ],
]);

/** @throws Error for a policy that is not listed here */
export function managedPolicy(arn: string, at: string): readonly Statement[] {
  const name = arn.split(':policy/')[1];
  const statements = name === undefined ? undefined : policies.get(name);
  if (statements === undefined) {
    throw new Error(
      `${at}: the local run does not know the managed policy ${arn}; it knows ${[...policies.keys()].join(', ')}`,
    );
  }
  return statements;
}
