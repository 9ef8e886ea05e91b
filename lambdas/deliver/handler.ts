import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { handleBatch, postponeOnError } from '#adapters/lambda/sqs-batch.ts';
import { createTelemetry } from '#adapters/telemetry/telemetry.ts';
import {
  type EndpointTest,
  type EndpointTestOutcome,
  isEndpointTest,
} from '#core/endpoint-test/endpoint-test.ts';
import { targetPolicy } from '#core/outbound/target-policy.ts';
import { testEndpoint } from './endpoint-test.ts';
import { deliverVariables } from './env.ts';
import { handleDelivery } from './handle-delivery.ts';
import { reportTest } from './report.ts';
import { buildServices } from './services.ts';

const env = readEnvironment(deliverVariables, process.env);
const telemetry = createTelemetry('deliver', env.deployment);
const services = buildServices(env, targetPolicy(process.env, { allowIpv6: env.ipv6 === 'true' }), telemetry);
const onError = postponeOnError({ ...telemetry, metric: 'DeliverErrors', postpone: services.postpone });

export const handler = middy<SQSEvent | EndpointTest, SQSBatchResponse | EndpointTestOutcome>()
  .use(publishMetrics(telemetry.metrics))
  .handler((event: SQSEvent | EndpointTest) =>
    isEndpointTest(event)
      ? testEndpoint(event, services, (test, result) => reportTest(test, result, telemetry.logger))
      : handleBatch(event, (received) => handleDelivery(received, services), onError),
  );
