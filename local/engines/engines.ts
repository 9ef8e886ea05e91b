import { mkdirSync } from 'node:fs';
import { type AwsCaller, awsCaller } from '../aws-protocol/client.ts';
import { type Engine, startDynoxide } from './dynoxide.ts';
import { startSqsEngine } from './fauxqs.ts';

export interface Engines {
  /** Origins, e.g. `http://127.0.0.1:40123`. */
  readonly dynamodb: string;
  readonly sqs: string;
  /** Calls an engine directly: without policies, faults and meter. */
  readonly call: AwsCaller['call'];
  stop(): Promise<void>;
}

export interface EngineOptions {
  /** Keeps everything in this folder for the next start. @default - nothing is kept */
  readonly dataDir?: string | undefined;
  /** Origin of a DynamoDB that already runs. @default - the embedded engine */
  readonly dynamodbEndpoint?: string | undefined;
}

/** Starts DynamoDB and SQS at once. When one fails, the other is stopped. */
export async function startEngines(options: EngineOptions): Promise<Engines> {
  if (options.dataDir !== undefined) mkdirSync(options.dataDir, { recursive: true });
  const started = await Promise.allSettled([
    options.dynamodbEndpoint === undefined
      ? startDynoxide(options.dataDir)
      : Promise.resolve(foreignEngine(options.dynamodbEndpoint)),
    startSqsEngine(options.dataDir),
  ]);
  const [dynamodb, sqs] = started;
  if (dynamodb.status === 'fulfilled' && sqs.status === 'fulfilled') {
    const origins = { dynamodb: dynamodb.value.origin, sqs: sqs.value.origin };
    const { call, close } = awsCaller(
      (service) => (service === 'sqs' ? origins.sqs : origins.dynamodb),
      'root',
    );
    return {
      ...origins,
      call,
      stop: async () => {
        close();
        await Promise.all([dynamodb.value.stop(), sqs.value.stop()]);
      },
    };
  }
  await Promise.all(
    started.map((engine) => (engine.status === 'fulfilled' ? engine.value.stop() : undefined)),
  );
  throw started.find((engine) => engine.status === 'rejected')?.reason;
}

function foreignEngine(endpoint: string): Engine {
  if (!URL.canParse(endpoint)) {
    throw new Error(
      `DYNAMODB_ENDPOINT is ${JSON.stringify(endpoint)}: expected an origin such as http://127.0.0.1:8000`,
    );
  }
  return { origin: new URL(endpoint).origin, stop: () => Promise.resolve() };
}
