import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import { createEndpointReader } from '#adapters/dynamodb/endpoint/endpoint-reader.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createSlotStore } from '#adapters/dynamodb/endpoint/slot-store.ts';
import { createSlowMarkStore } from '#adapters/dynamodb/endpoint/slow-mark-store.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createProgressStore } from '#adapters/dynamodb/event/progress-store.ts';
import { createSweepStore } from '#adapters/dynamodb/event/sweep-store.ts';
import { createIdempotencyStore } from '#adapters/dynamodb/idempotency/idempotency-store.ts';
import { createTaskStart } from '#adapters/dynamodb/task/task-start.ts';
import { createTaskStore } from '#adapters/dynamodb/task/task-store.ts';
import { createTokenBudgetStore } from '#adapters/dynamodb/token/token-budget-store.ts';
import { createAttentionStore } from '#adapters/dynamodb/watchdog/attention-store.ts';
import { anApplication } from './config-fixtures.ts';
import { noon } from './deliveries.ts';
import { startDatabase } from './dynamodb.ts';
import { memoryStores, type Stores } from './memory/stores.ts';
import { createTables } from './memory/tables.ts';

const retentionDays = 30;

/** What stores stand on. */
export interface Engine {
  readonly name: string;
  start(): Promise<{
    /** The stores of a new deployment, which is empty but for the application `acme`. */
    deploy(now: () => number): Promise<Stores>;
    stop(): Promise<void>;
  }>;
}

const memory: Engine = {
  name: 'memory',
  start: async () => ({
    deploy: async (now) => memoryStores(createTables(now, retentionDays)),
    stop: async () => undefined,
  }),
};

const dynamoDb: Engine = {
  name: 'the engine',
  async start() {
    const database = await startDatabase();
    return {
      async deploy(now) {
        const shared = { client: database.client, now, random: Math.random, retentionDays };
        const eventTable = { ...shared, tableName: await database.eventTable() };
        const configTable = { ...shared, tableName: await database.configTable() };
        await createApplicationStore(configTable).create(anApplication());
        return {
          deliveries: createDeliveryStore(eventTable),
          events: createEventStore(eventTable),
          tasks: { ...createTaskStore(eventTable), start: createTaskStart(eventTable) },
          progress: createProgressStore(eventTable),
          sweeps: createSweepStore(eventTable),
          keys: createIdempotencyStore(eventTable),
          budgets: createTokenBudgetStore(eventTable),
          endpoints: createEndpointStore(configTable),
          reader: createEndpointReader(configTable),
          circuits: createCircuitStore(configTable),
          slots: createSlotStore(configTable),
          slowMarks: createSlowMarkStore(configTable),
          attention: createAttentionStore(configTable),
        };
      },
      stop: database.stop,
    };
  },
};

/** Every suite in test/contract/stores runs over each of these, since the simulations rely on what memory does. */
export const engines: readonly Engine[] = [memory, dynamoDb];

/** A new deployment for each test. Its clock stands at noon until the test moves it. */
export interface Deployment extends Stores {
  /** Epoch milliseconds. */
  now: number;
}

/** To be called in a block of tests, each of which then finds its deployment in what is returned. */
export function deployedOn(engine: Engine): Deployment {
  const deployment = {} as Deployment;
  let started: Awaited<ReturnType<Engine['start']>>;
  beforeAll(async () => {
    started = await engine.start();
  });
  beforeEach(async () => {
    deployment.now = noon;
    Object.assign(deployment, await started.deploy(() => deployment.now));
  });
  afterAll(() => started.stop());
  return deployment;
}
