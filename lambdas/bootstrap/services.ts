import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { dynamoDb } from '#adapters/aws/clients.ts';
import {
  createApplicationStore,
  ensureDefaultApplication,
} from '#adapters/dynamodb/application/application-store.ts';
import { createTokenStore } from '#adapters/dynamodb/token/token-store.ts';
import type { Environment } from '#adapters/lambda/environment.ts';
import { createInvoke } from '#adapters/lambda/invoke.ts';
import type { bootstrapVariables } from './env.ts';
import type { BootstrapPorts } from './first-token.ts';
import type { RewritePorts } from './sweep-credentials.ts';

// The api function ends after 29 s.
const patience = 32_000;

export function buildServices(
  env: Environment<typeof bootstrapVariables>,
): BootstrapPorts & Omit<RewritePorts, 'hasTime'> {
  const now = Date.now;
  const table = { client: dynamoDb(), tableName: env.configTable, now, random: Math.random };
  return {
    now,
    randomBytes,
    secret: secretIn(env.adminTokenSecret),
    tokens: createTokenStore(table),
    sweep: createInvoke(env.apiFunction, patience),
    sleep: (delay) => sleep(delay),
    ensureDefaultApplication: () => ensureDefaultApplication(createApplicationStore(table), now()),
  };
}

function secretIn(SecretId: string): BootstrapPorts['secret'] {
  const client = new SecretsManagerClient({});
  return {
    async read() {
      try {
        return (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    async write(value) {
      await client.send(new PutSecretValueCommand({ SecretId, SecretString: value }));
    },
  };
}
