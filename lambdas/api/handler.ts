import { createHttpFunction } from '#adapters/http-api/http-function.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { createLogger } from '#adapters/telemetry/telemetry.ts';
import { createApi } from './api.ts';
import { apiVariables } from './env.ts';
import { buildServices } from './services.ts';

const logger = createLogger('api');
const services = buildServices(readEnvironment(apiVariables, process.env), logger);

export const handler = createHttpFunction(createApi(services), logger);
