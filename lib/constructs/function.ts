import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  type RecursiveLoop,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** What all functions of a deployment share. */
export interface FunctionDefaults {
  /** MB. */
  readonly memorySize: number;
  /** Days; one of those that CloudWatch Logs offers. */
  readonly logRetentionDays: number;
  /** What happens to a function's logs when the stack is removed. */
  readonly removalPolicy: RemovalPolicy;
}

export interface FunctionProps {
  readonly description: string;
  readonly code: Code;
  readonly environment: Readonly<Record<string, string>>;
  /** All that the function may do, its own logs aside. */
  readonly statements: readonly PolicyStatement[];
  readonly timeout: Duration;
  readonly defaults: FunctionDefaults;
  /** @default - no reserve: the function shares what the account has */
  readonly reservedConcurrency?: number | undefined;
  /** @default - Lambda ends a function that keeps waking itself through a queue after 16 rounds */
  readonly recursiveLoop?: RecursiveLoop;
}

/** The environment of a function: exactly the variables that its env.ts names. */
export function environmentOf<Names extends Readonly<Record<string, string>>>(
  names: Names,
  values: Readonly<Record<keyof Names, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).map(([key, variable]) => [variable, values[key as keyof Names]]),
  );
}

/**
 * A function with its log group and its role.
 *
 * The role carries its policy inline: what a function may do is read in one place, and exists before the function does.
 */
export function createFunction(scope: Construct, props: FunctionProps): LambdaFunction {
  const { defaults } = props;
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: defaults.logRetentionDays,
    removalPolicy: defaults.removalPolicy,
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
    code: props.code,
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: defaults.memorySize,
    timeout: props.timeout,
    environment: { ...props.environment },
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    // Start, end and report lines cost more to store than our own line says; CloudWatch has their numbers as metrics.
    systemLogLevelV2: SystemLogLevel.WARN,
    tracing: Tracing.DISABLED,
    recursiveLoop: props.recursiveLoop,
    reservedConcurrentExecutions: props.reservedConcurrency,
  });
}

/** What happens to data when the stack is removed. */
export function removalPolicyFor(production: boolean): RemovalPolicy {
  return production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
