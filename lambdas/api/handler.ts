import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { createHttpFunction } from '#adapters/http-api/http-function.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { createLogger } from '#adapters/telemetry/telemetry.ts';
import { type CredentialSweep, isCredentialSweep } from '#core/encryption/credential-sweep.ts';
import { sweepCredentials } from './actions/sweep-credentials.ts';
import { createApi } from './api.ts';
import { apiVariables } from './env.ts';
import { buildServices } from './services.ts';

const logger = createLogger('api');
const services = buildServices(readEnvironment(apiVariables, process.env), logger);
const answer = createHttpFunction(createApi(services), logger);

/** Requests come from API Gateway, sweeps from the bootstrap function. */
export const handler = (event: APIGatewayProxyEventV2 | CredentialSweep, context: Context) =>
  isCredentialSweep(event) ? sweepCredentials(event, services) : answer(event, context);
