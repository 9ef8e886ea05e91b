import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findDynoxide } from './find-dynoxide.ts';
import { commandLineOf, readPid } from './processes.ts';

export interface Engine {
  readonly origin: string;
  stop(): Promise<void>;
}

const readyWithinMs = 10_000;
const attempts = 5;

/**
 * Starts the DynamoDB engine on a free port of 127.0.0.1.
 *
 * @param dataDir keeps the tables in `dynamodb.sqlite` there. @default - in memory
 * @throws Error when there is no binary, or it does not get ready
 */
export async function startDynoxide(dataDir?: string): Promise<Engine> {
  const binary = findDynoxide();
  const pidFile = dataDir === undefined ? undefined : join(dataDir, 'dynoxide.pid');
  const file = dataDir === undefined ? undefined : join(dataDir, 'dynamodb.sqlite');
  const database = file === undefined ? [] : ['--db-path', file];
  if (pidFile !== undefined && file !== undefined) await endStaleEngine(pidFile, file);

  let output = '';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    // The engine cannot choose a port itself: somebody else may take it in between, hence the attempts.
    const port = await freePort();
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./watchdog.ts', import.meta.url)), binary, '--port', String(port), ...database],
      { stdio: ['pipe', 'pipe', 'pipe'], env: {}, detached: true },
    );
    output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = `${output}${text}`.slice(-2000);
        const pid = /^pid (\d+)$/m.exec(output)?.[1];
        if (pid !== undefined && pidFile !== undefined) writeFileSync(pidFile, pid);
      });
    }
    const origin = `http://127.0.0.1:${port}`;
    if (await isReady(origin, child)) return { origin, stop: () => stop(child, pidFile) };
    await stop(child, pidFile);
  }
  throw new Error(`the DynamoDB engine ${binary} did not start: ${output.trim() || 'it said nothing'}`);
}

/** A watchdog that was killed itself leaves its engine behind, which holds the database. */
async function endStaleEngine(pidFile: string, database: string): Promise<void> {
  const pid = readPid(pidFile);
  const isOurs = () => pid !== undefined && commandLineOf(pid)?.includes(database) === true;
  if (pid === undefined || !isOurs()) return;
  process.kill(pid, 'SIGKILL');
  for (let waited = 0; isOurs() && waited < 5000; waited += 20) await sleep(20);
}

async function isReady(origin: string, child: ChildProcess): Promise<boolean> {
  for (const deadline = Date.now() + readyWithinMs; Date.now() < deadline; ) {
    if (child.exitCode !== null) return false;
    // The name in the answer tells our engine from a stranger that took the port first.
    const answer = await fetch(origin).catch(() => undefined);
    if (answer?.headers.has('x-dynoxide-version') === true) return child.exitCode === null;
    await sleep(20);
  }
  return false;
}

async function stop(child: ChildProcess, pidFile: string | undefined): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const impatient = setTimeout(() => child.stdin?.end(), 2000);
    await ended;
    clearTimeout(impatient);
  }
  if (pidFile !== undefined) rmSync(pidFile, { force: true });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1');
  return address.port;
}
