import { readEnvironment } from '#adapters/lambda/environment.ts';
import { createQueueFunction } from '#adapters/lambda/queue-function.ts';
import { createTelemetry } from '#adapters/telemetry/telemetry.ts';
import { quarantineVariables } from './env.ts';
import { handleQuarantined } from './handle-message.ts';
import { buildServices } from './services.ts';

const env = readEnvironment(quarantineVariables, process.env);
const telemetry = createTelemetry('quarantine', env.deployment);
const services = buildServices(env, telemetry);

export const handler = createQueueFunction(
  { ...telemetry, metric: 'QuarantineErrors', postpone: services.postpone },
  ({ body }) => handleQuarantined(body, services),
);
