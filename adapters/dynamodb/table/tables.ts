import { dynamoDb } from '#adapters/aws/clients.ts';

/** The tables of a deployment for the stores of one function, which share a client. */
export function createTables(env: {
  readonly configTable: string;
  readonly eventTable: string;
  readonly retentionDays: string;
}) {
  const shared = {
    client: dynamoDb(),
    now: Date.now,
    random: Math.random,
    retentionDays: Number(env.retentionDays),
  };
  return {
    configTable: { ...shared, tableName: env.configTable },
    eventTable: { ...shared, tableName: env.eventTable },
  };
}
