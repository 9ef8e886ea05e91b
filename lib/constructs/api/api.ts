import { Duration } from 'aws-cdk-lib';
import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { apiVariables } from '#lambdas/api/env.ts';
import { memoryOf } from '../../settings/settings.ts';
import { environmentOf, type Foundation } from '../function/foundation.ts';
import { createFunction } from '../function/function.ts';
import {
  credentialStatements,
  everyItemAction,
  invokeStatement,
  measureStatement,
  putEventsStatement,
  sendStatement,
  tableStatement,
} from '../function/permissions.ts';
import { Tables } from '../tables/tables.ts';

export interface ApiProps extends Foundation {
  /** The deliver function that makes the requests of endpoint tests. */
  readonly tester: IFunction;
  /** The address of the API, which is known only after this function. */
  readonly ownUrl: string;
}

/** The rest of the API: endpoints, applications, tokens, events, deliveries. */
export class Api extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, { tester, ownUrl, ...foundation }: ApiProps) {
    super(scope, id);
    const { settings, tables, queues } = foundation;
    this.handler = createFunction(this, settings, {
      name: 'api',
      description: 'Hook0 API: every route with a token, except posting events',
      environment: environmentOf(foundation, apiVariables, {
        testFunction: tester.functionName,
        ownHosts: [ownUrl, ...(settings.ownHosts ?? [])].join(','),
        ownTargets: settings.allowOwnHosts ? 'allow' : 'refuse',
        circuitOff: settings.allowCircuitOff ? 'allow' : 'refuse',
        endpointLimit: String(settings.endpointLimit),
        eventTypeLimit: String(settings.eventTypeLimit),
        eventRateLimit: String(settings.eventRateLimit),
        dailyByteLimit: String(settings.dailyByteLimit),
        requestRateLimit: String(settings.requestRateLimit),
        // Both functions hold all routes of an application: ingest to match them, the scheduler to pack them.
        routingMemory: String(Math.min(memoryOf(settings, 'ingest'), memoryOf(settings, 'scheduler'))),
      }),
      statements: [
        tableStatement(tables.config, everyItemAction),
        tableStatement(tables.events, ['GetItem', 'BatchGetItem', 'Query', 'PutItem']),
        tableStatement(tables.events, ['UpdateItem'], { partitionKeys: ['APP#*', 'RATE#*'] }),
        tableStatement(tables.events, ['Query'], { index: Tables.attentionIndex }),
        sendStatement([...queues.priorities, queues.retry, queues.redrive, queues.fanOut]),
        measureStatement(queues.all),
        putEventsStatement(foundation.bus),
        invokeStatement(tester),
        ...credentialStatements(foundation.credentialKey, ['Decrypt', 'GenerateDataKey']),
      ],
      // API Gateway gives up after 30 s. One second less lets the function answer.
      timeout: Duration.seconds(29),
      reservedConcurrency: settings.apiConcurrency,
    });
  }
}
