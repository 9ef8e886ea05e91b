import { readEnvironment } from '#adapters/lambda/environment.ts';
import { createQueueFunction } from '#adapters/lambda/queue-function.ts';
import { createTelemetry } from '#adapters/telemetry/telemetry.ts';
import { fanOutVariables } from './env.ts';
import { handleMessage } from './handle-message.ts';
import { buildServices } from './services.ts';

const env = readEnvironment(fanOutVariables, process.env);
const telemetry = createTelemetry('fan-out', env.deployment);
const services = buildServices(env, telemetry);

export const handler = createQueueFunction(
  { ...telemetry, metric: 'FanOutErrors', postpone: services.postpone },
  (received) => handleMessage(received, services),
);
