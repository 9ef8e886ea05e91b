import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ownFile } from '../files/own-file.ts';
import { listen } from '../net/listen.ts';
import { findDynoxide } from './find-dynoxide.ts';
import { commandLineOf, readPid } from './processes.ts';

export interface Engine {
  readonly origin: string;
  stop(): Promise<void>;
}

/**
 * An address that no web page can guess. The engine lets pages of every origin read and write, and has no setting for it.
 * There are 16 million of these addresses and 28,000 ports, and a page can try some hundred a second.
 *
 * @returns 127.0.0.1 on macOS, where no other loopback address is set up
 */
export function secretLoopback(platform: NodeJS.Platform, random: Uint8Array): string {
  const [a = 0, b = 0, c = 0] = random;
  // 127.255.255.255 is a broadcast address, and 127.0.0.1 is where a page would look first.
  return platform === 'darwin' ? '127.0.0.1' : `127.${1 + (a % 254)}.${b}.${1 + (c % 254)}`;
}

const readyWithinMs = 10_000;
const attempts = 5;

/**
 * Starts the DynamoDB engine on a free port of a loopback address that only this process knows.
 *
 * @param dataDir keeps the tables in `dynamodb.sqlite` there. @default - a temporary folder, removed with the engine
 * @throws Error when there is no binary, or the engine does not become ready
 */
export async function startDynoxide(dataDir?: string): Promise<Engine> {
  const binary = findDynoxide();
  const pidFile = dataDir === undefined ? undefined : join(dataDir, 'dynoxide.pid');
  if (dataDir !== undefined && pidFile !== undefined) await endStaleEngine(pidFile, databaseIn(dataDir));

  let output = '';
  for (let attempt = 1; attempt <= attempts; attempt++) {
    // The engine can keep its tables in memory, but then `indexStreamRecords` could not add the missing indexes.
    const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'hook0-dynamodb-'));
    const watched = dataDir === undefined ? ['--remove', folder] : [];
    // The engine cannot choose a port itself, and another process may take this one before it, hence the attempts.
    const address = secretLoopback(process.platform, randomBytes(3));
    const port = await freePort(address);
    const database = ownFile(databaseIn(folder));
    const command = [binary, '--host', address, '--port', String(port), '--db-path', database];
    const child = spawn(process.execPath, [watchdog, ...watched, ...command], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {},
      detached: true,
    });
    output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = `${output}${text}`.slice(-2000);
        const pid = /^pid (\d+)$/m.exec(output)?.[1];
        if (pid !== undefined && pidFile !== undefined) writeFileSync(ownFile(pidFile), pid);
      });
    }
    const engine = { origin: `http://${address}:${port}`, stop: () => stop(child, pidFile) };
    try {
      if (await isReady(engine.origin, child)) {
        indexStreamRecords(databaseIn(folder));
        return engine;
      }
    } catch (error) {
      await engine.stop();
      throw error;
    }
    await engine.stop();
  }
  throw new Error(`the DynamoDB engine ${binary} did not start: ${output.trim() || 'it said nothing'}`);
}

const watchdog = fileURLToPath(new URL('./watchdog.ts', import.meta.url));
const databaseIn = (folder: string) => join(folder, 'dynamodb.sqlite');

/** A watchdog that was killed leaves its engine running, which keeps the database open. */
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
    // The header distinguishes the engine from another program that took the port first.
    const answer = await fetch(origin).catch(() => undefined);
    if (answer?.headers.has('x-dynoxide-version') === true) return child.exitCode === null;
    await sleep(20);
  }
  return false;
}

/**
 * Adds indexes without which each write takes longer than the one before it.
 *
 * The engine looks up the highest number of a stream's records at each write, and the next number for each reader, without
 * an index: after 10,000 writes one took 10 ms instead of 0.5 ms.
 */
function indexStreamRecords(file: string): void {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    const hasRecords = database.prepare("SELECT 1 FROM sqlite_master WHERE name = '_stream_records'").get();
    // Another version of the engine may store them elsewhere. It works without these indexes.
    if (hasRecords === undefined) return;
    const number = 'CAST(sequence_number AS INTEGER)';
    database.exec(`
      CREATE INDEX IF NOT EXISTS hook0_stream_last ON _stream_records (table_name, ${number});
      CREATE INDEX IF NOT EXISTS hook0_stream_next ON _stream_records (table_name, shard_id, ${number});
    `);
  } finally {
    database.close();
  }
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

async function freePort(address: string): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0, address);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
