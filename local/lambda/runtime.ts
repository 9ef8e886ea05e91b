// Runs inside a function's thread and does the work of Lambda's Node runtime, over a message port.
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { asObject } from '../json/json.ts';
import { followClock } from './clock.ts';
import { functionError, type InstanceData, type InstanceMessage, type InvokeMessage } from './protocol.ts';

type Handler = (event: unknown, context: unknown) => unknown;

const { module, handler: exportName, clock } = workerData as InstanceData;
// Before the function's code is loaded, because that may keep a reference to Date. Deadlines use this machine's clock.
const hostNow = clock === undefined ? Date.now : followClock(clock);
const environment = process.env;

const send = (message: InstanceMessage): void => parentPort?.postMessage(message);

async function load(): Promise<Handler> {
  const loaded: Record<string, unknown> = await import(pathToFileURL(module).href);
  // A CommonJS module has its exports in `default`.
  const handler = loaded[exportName] ?? asObject(loaded.default)[exportName];
  if (typeof handler === 'function') return handler as Handler;
  const error = new Error(`${module} exports no function named ${exportName}`);
  error.name = 'Runtime.HandlerNotFound';
  throw error;
}

function contextOf(message: InvokeMessage): unknown {
  const name = environment.AWS_LAMBDA_FUNCTION_NAME;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: message.functionArn,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: message.requestId,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, message.deadline - hostNow()),
  };
}

async function invoke(handler: Handler, message: InvokeMessage): Promise<void> {
  try {
    const result = await handler(JSON.parse(message.payload), contextOf(message));
    send({ kind: 'result', payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    send({ kind: 'error', error: functionError(error) });
  }
}

load().then(
  (handler) => {
    parentPort?.on('message', (message: InvokeMessage) => void invoke(handler, message));
    send({ kind: 'ready' });
  },
  (error: unknown) => send({ kind: 'init-failed', error: functionError(error) }),
);
