import { randomBytes } from 'node:crypto';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { dynamoDb } from '#adapters/aws/clients.ts';
import {
  createApplicationStore,
  ensureDefaultApplication,
} from '#adapters/dynamodb/application/application-store.ts';
import { createTokenStore } from '#adapters/dynamodb/token/token-store.ts';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { createLogger, errorFields } from '#adapters/telemetry/telemetry.ts';
import { answerCloudFormation } from './cloudformation.ts';
import { bootstrapVariables } from './env.ts';
import { bootstrap } from './first-token.ts';

const env = readEnvironment(bootstrapVariables, process.env);
const now = Date.now;
const secrets = new SecretsManagerClient({});
const table = { client: dynamoDb(), tableName: env.configTable, now, random: Math.random };
const logger = createLogger('bootstrap');
const SecretId = env.adminTokenSecret;

async function readSecret(): Promise<string | undefined> {
  try {
    return (await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

const ports = {
  now,
  randomBytes,
  secret: {
    read: readSecret,
    write: async (value: string) => {
      await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: value }));
    },
  },
  tokens: createTokenStore(table),
  ensureDefaultApplication: () => ensureDefaultApplication(createApplicationStore(table), now()),
};

/** Answers CloudFormation whatever happens: an unanswered custom resource holds the deployment for an hour. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  try {
    // A removed stack keeps or drops its tables and its secret by their own policies.
    if (event.RequestType !== 'Delete') await bootstrap(ports);
    await answerCloudFormation(event, { status: 'SUCCESS' });
  } catch (error) {
    logger.error('bootstrap failed', errorFields(error));
    await answerCloudFormation(event, {
      status: 'FAILED',
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}
