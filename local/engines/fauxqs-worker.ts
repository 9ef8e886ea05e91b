// Runs the SQS engine in its own thread, so that it and the gateway and pollers do not wait for each other.
import { existsSync } from 'node:fs';
import { Server as HttpServer, type RequestListener } from 'node:http';
import { Server } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { startFauxqs } from 'fauxqs';
import { ownFile } from '../files/own-file.ts';
import { refuseForeign } from '../net/foreign.ts';
import { localRegion } from '../template/pseudo-parameters.ts';
import { type EngineQueueClass, type EngineRouterClass, makeFair } from './fair-queues.ts';

const { dataDir } = workerData as { readonly dataDir: string | undefined };

// The engine binds every interface and takes every request, but neither the network nor a web page must reach a
// developer's queues.
const listen = Server.prototype.listen;
Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
  const [options, ...rest] = args;
  if (this instanceof HttpServer) guard(this);
  const local = typeof options === 'object' && options !== null ? { ...options, host: '127.0.0.1' } : options;
  return Reflect.apply(listen, this, [local, ...rest]);
} as typeof listen;

function guard(server: HttpServer): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  for (const listener of listeners) server.on('request', refuseForeign(listener));
}

// The package does not export its classes, but it imports them from these files.
const classesOf = (file: string) => import(new URL(file, import.meta.resolve('fauxqs')).href);
const { SqsQueue }: { SqsQueue: EngineQueueClass } = await classesOf('./sqs/sqsStore.js');
const { SqsRouter }: { SqsRouter: EngineRouterClass } = await classesOf('./sqs/sqsRouter.js');
makeFair(SqsQueue, SqsRouter);

/** The receivers of these messages ended with the last run, so the messages become visible again at once. */
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

if (dataDir !== undefined) {
  shortenVisibility(dataDir);
  ownFile(join(dataDir, 'fauxqs.db'));
}
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
