import { createHttpFunction } from '#adapters/http-api/http-function.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { createLogger } from '#adapters/telemetry/telemetry.ts';
import { webVariables } from './env.ts';
import { buildServices } from './services.ts';
import { createWeb } from './web.ts';

const logger = createLogger('web');
const services = buildServices(readEnvironment(webVariables, process.env), logger);

export const handler = createHttpFunction(createWeb(services), logger);
