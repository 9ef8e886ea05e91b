import { readFile } from 'node:fs/promises';
import { dynamoDb } from '#adapters/aws/clients.ts';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import type { Environment } from '#adapters/lambda/environment.ts';
import { errorFields, type Logger } from '#adapters/telemetry/telemetry.ts';
import type { webVariables } from './env.ts';

/** What the routes use of the outside, made once at cold start. */
export function buildServices(env: Environment<typeof webVariables>, logger: Logger) {
  const now = Date.now;
  const table = { client: dynamoDb(), tableName: env.configTable, now, random: Math.random };
  return {
    application: createApplicationStore(table).get,
    onUnhealthy: (error: unknown): void => logger.warn('the health check failed', errorFields(error)),
    /** Reads a file beside the code; see `lib/constructs/web/reference-files.ts`. */
    readAsset: (name: string): Promise<Uint8Array> =>
      readFile(new URL(`./reference/${name}`, import.meta.url)),
    now,
    version: env.version,
  };
}

export type WebServices = ReturnType<typeof buildServices>;
