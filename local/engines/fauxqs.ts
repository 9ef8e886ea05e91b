import { Worker } from 'node:worker_threads';
import type { Engine } from './dynoxide.ts';

/**
 * Starts the SQS engine in a worker thread on a free port of 127.0.0.1.
 *
 * @param dataDir keeps queues and messages in `fauxqs.db` there. @default - in memory
 */
export async function startSqsEngine(dataDir?: string): Promise<Engine> {
  const worker = new Worker(new URL('./fauxqs-worker.ts', import.meta.url), {
    workerData: { dataDir },
    env: {},
    // The options of a debugger or a test runner are not for the engine.
    execArgv: [],
  });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the SQS engine ended while it started')));
  });
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      worker.postMessage('stop');
      const impatient = setTimeout(() => void worker.terminate(), 2000);
      await ended;
      clearTimeout(impatient);
    },
  };
}
