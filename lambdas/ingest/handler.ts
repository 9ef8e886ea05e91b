import { until } from '#adapters/aws/deadline.ts';
import { createHttpFunction } from '#adapters/http-api/http-function.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { publishMetrics } from '#adapters/lambda/publish-metrics.ts';
import { createTelemetry } from '#adapters/telemetry/telemetry.ts';
import { endWithin } from './deadlines.ts';
import { ingestVariables } from './env.ts';
import { ingest } from './routes.ts';
import { buildServices } from './services.ts';

const env = readEnvironment(ingestVariables, process.env);
const memory = Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 512);
const telemetry = createTelemetry('ingest', env.deployment);
const services = buildServices(env, memory, telemetry);

export const handler = createHttpFunction(
  (request) => until(Date.now() + endWithin, () => ingest(request, services)),
  telemetry.logger,
).use(publishMetrics(telemetry.metrics));
