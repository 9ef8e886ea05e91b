import type { Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  type RecursiveLoop,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type FunctionName, memoryOf, type Settings } from '../../settings/settings.ts';
import { removalPolicyOf } from '../resource/removal-policy.ts';
import { functionCode } from './bundle.ts';

export interface FunctionProps {
  /** The folder of the code in `lambdas/`. */
  readonly name: FunctionName;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  /** All that the function may do, apart from writing its own logs. */
  readonly statements: readonly PolicyStatement[];
  readonly timeout: Duration;
  /**
   * Files that the code reads at run time: their paths beside the code, and where each is copied from.
   * @default - none
   */
  readonly files?: Readonly<Record<string, string>>;
  /** @default - no reserve: the function shares what the account has */
  readonly reservedConcurrency?: number | undefined;
  /** @default - Lambda stops a function that keeps invoking itself through a queue after 16 rounds */
  readonly recursiveLoop?: RecursiveLoop;
}

/**
 * Creates a function with its log group and its role.
 *
 * The role has its policy inline, so that one place says what a function may do, and so that it exists before the
 * function does.
 */
export function createFunction(scope: Construct, settings: Settings, props: FunctionProps): LambdaFunction {
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: settings.logRetentionDays,
    removalPolicy: removalPolicyOf(settings),
  });
  const ownLogs = new PolicyStatement({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `what the function may do: ${props.description}`,
    inlinePolicies: { Permissions: new PolicyDocument({ statements: [ownLogs, ...props.statements] }) },
  });
  return new LambdaFunction(scope, 'Function', {
    description: props.description,
    code: functionCode(props.name, props.files),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: memoryOf(settings, props.name),
    timeout: props.timeout,
    environment: { ...props.environment },
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    // Lambda's start, end and report lines cost more to store than ours; CloudWatch has their numbers as metrics.
    systemLogLevelV2: SystemLogLevel.WARN,
    tracing: Tracing.DISABLED,
    recursiveLoop: props.recursiveLoop,
    reservedConcurrentExecutions: props.reservedConcurrency,
  });
}
