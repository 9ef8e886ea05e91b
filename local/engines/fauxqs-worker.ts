// SQS in a thread of its own: it must not wait for, nor hold up, the gateway and the pollers.
import { existsSync } from 'node:fs';
import { Server } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { startFauxqs } from 'fauxqs';
import { localRegion } from '../template/pseudo-parameters.ts';
import { makeFair, type QueueClass, type RouterClass } from './fair-queues.ts';

const { dataDir } = workerData as { readonly dataDir: string | undefined };

// The engine binds every interface; nobody on the network may reach a developer's queues.
const listen = Server.prototype.listen;
Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
  const [options, ...rest] = args;
  const local = typeof options === 'object' && options !== null ? { ...options, host: '127.0.0.1' } : options;
  return Reflect.apply(listen, this, [local, ...rest]);
} as typeof listen;

// The package exports none of its classes, and imports these very files itself.
const classesOf = (file: string) => import(new URL(file, import.meta.resolve('fauxqs')).href);
const { SqsQueue }: { SqsQueue: QueueClass } = await classesOf('./sqs/sqsStore.js');
const { SqsRouter }: { SqsRouter: RouterClass } = await classesOf('./sqs/sqsRouter.js');
makeFair(SqsQueue, SqsRouter);

/** The receiver of these messages is gone, so they need not wait out minutes of visibility. */
function shortenVisibility(folder: string): void {
  const file = join(folder, 'fauxqs.db');
  if (!existsSync(file)) return;
  const database = new DatabaseSync(file);
  const soon = Date.now() + 1000;
  database
    .prepare('UPDATE sqs_messages SET visibility_deadline = ? WHERE visibility_deadline > ?')
    .run(soon, soon);
  database.close();
}

if (dataDir !== undefined) shortenVisibility(dataDir);
const server = await startFauxqs({
  port: 0,
  logger: false,
  defaultRegion: localRegion,
  ...(dataDir === undefined ? {} : { dataDir }),
});
parentPort?.on('message', () => {
  void server.stop().finally(() => process.exit(0));
});
parentPort?.postMessage(server.port);
