import { readEnvironment } from '#adapters/lambda/environment.ts';
import { hasTimeIn } from '#adapters/lambda/has-time.ts';
import { createQueueFunction } from '#adapters/lambda/queue-function.ts';
import { createTelemetry } from '#adapters/telemetry/telemetry.ts';
import { tasksVariables } from './env.ts';
import { handleTaskMessage } from './handle-message.ts';
import { buildServices } from './services.ts';

const env = readEnvironment(tasksVariables, process.env);
const telemetry = createTelemetry('tasks', env.deployment);
const services = buildServices(env, telemetry);
// Enough to finish the page at hand.
const reserve = 20_000;

export const handler = createQueueFunction(
  { ...telemetry, metric: 'TaskErrors', postpone: services.postpone },
  async (received, context) => {
    await handleTaskMessage(received, { ...services, hasTime: hasTimeIn(context, reserve) });
    return 'done';
  },
);
