import { Duration } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { apiVariables } from '#lambdas/api/env.ts';
import { functionCode } from './bundle.ts';
import { createFunction, environmentOf, type FunctionDefaults } from './function.ts';
import {
  invokeStatement,
  measureStatement,
  putEventsStatement,
  sendStatement,
  tableStatement,
} from './permissions.ts';
import type { Queues } from './queues.ts';
import { referenceFiles } from './reference-files.ts';
import { Tables } from './tables.ts';

export interface ApiProps {
  readonly tables: Tables;
  readonly queues: Queues;
  readonly bus: IEventBus;
  /** The deliver function that makes the requests of endpoint tests. */
  readonly tester: IFunction;
  readonly retentionDays: number;
  readonly endpointLimit: number;
  readonly eventTypeLimit: number;
  /** MB of the smallest function that holds all routes of an application. */
  readonly routingMemory: number;
  readonly version: string;
  readonly defaults: FunctionDefaults;
  /** @default - no reserve */
  readonly reservedConcurrency?: number | undefined;
}

// Transactions have no actions of their own: IAM asks for those of their parts.
const everyItemAction = [
  'GetItem',
  'BatchGetItem',
  'Query',
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'ConditionCheckItem',
] as const;

/** The rest of the API: endpoints, applications, tokens, events, deliveries. */
export class Api extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, { tables, queues, bus, tester, ...props }: ApiProps) {
    super(scope, id);
    this.handler = createFunction(this, {
      description: 'Hook0 API: every route except posting events',
      code: functionCode('api', referenceFiles),
      environment: environmentOf(apiVariables, {
        configTable: tables.config.tableName,
        eventTable: tables.events.tableName,
        highQueue: queues.high.queueUrl,
        normalQueue: queues.normal.queueUrl,
        lowQueue: queues.low.queueUrl,
        retryQueue: queues.retry.queueUrl,
        redriveQueue: queues.redrive.queueUrl,
        fanOutQueue: queues.fanOut.queueUrl,
        slowQueue: queues.slow.queueUrl,
        deadLetterQueue: queues.deadLetter.queueUrl,
        quarantineQueue: queues.quarantine.queueUrl,
        bus: bus.eventBusName,
        testFunction: tester.functionName,
        retentionDays: String(props.retentionDays),
        endpointLimit: String(props.endpointLimit),
        eventTypeLimit: String(props.eventTypeLimit),
        routingMemory: String(props.routingMemory),
        version: props.version,
      }),
      statements: [
        tableStatement(tables.config, everyItemAction),
        tableStatement(tables.events, ['GetItem', 'BatchGetItem', 'Query', 'PutItem']),
        tableStatement(tables.events, ['Query'], { index: Tables.attentionIndex }),
        sendStatement([queues.high, queues.normal, queues.low, queues.retry, queues.redrive, queues.fanOut]),
        measureStatement(queues.all),
        putEventsStatement(bus),
        invokeStatement(tester),
      ],
      // API Gateway gives up after 30 s; one second less leaves the answer to us.
      timeout: Duration.seconds(29),
      defaults: props.defaults,
      reservedConcurrency: props.reservedConcurrency,
    });
  }
}
