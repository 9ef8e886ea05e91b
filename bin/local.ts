import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataDir } from '#local/data-dir/data-dir.ts';
import { openGateway } from '#local/gateway/gateway.ts';
import { isError, type LogLine } from '#local/lambda/logs.ts';
import { Cleanup } from '#local/run/cleanup.ts';
import { announcing, attemptLine } from './local/activity-lines.ts';
import { checkAdminToken } from './local/admin-token.ts';
import { errorLines } from './local/error-lines.ts';
import { type LocalHook0, startHook0, synthesizeHook0 } from './local/hook0.ts';
import { nextSteps } from './local/next-steps.ts';
import { type LocalOptions, parseCommandLine, usage } from './local/options.ts';

const write = (text: string): void => void process.stdout.write(text);
const writeError = (text: string): void => void process.stderr.write(text);
const announce = (line: string): void => write(`${new Date().toTimeString().slice(0, 8)} ${line}\n`);
const writeLine = ({ source, text }: LogLine): void => writeError(`${source} ${text}\n`);

async function run(options: LocalOptions, cleanup: Cleanup, signal: AbortSignal): Promise<LocalHook0> {
  const adminToken = checkAdminToken(process.env.HOOK0_ADMIN_TOKEN);
  // First, so that a folder or a port that is unusable, or in use by another run, is reported at once.
  const dataDir = options.dataDir === undefined ? undefined : openDataDir(options.dataDir);
  cleanup.add(() => dataDir?.release());
  const gateway = await openGateway(options.port);
  cleanup.add(() => gateway.stop());
  const writeErrorLine = errorLines(writeError);
  const progress = stopwatch();
  const folder = await mkdtemp(join(tmpdir(), 'hook0-assembly-'));
  cleanup.add(() => rm(folder, { recursive: true, force: true }));
  const assembly = await synthesizeHook0(folder, { corsOrigins: options.corsOrigins }, signal);
  progress('stack synthesized');
  const stack = await startHook0(assembly, {
    gateway: options.quiet ? gateway : announcing(gateway, announce),
    adminToken,
    dataDir,
    tickMs: options.tickMs,
    strictTargets: options.strictTargets,
    onProgress: progress,
    onLine: (line) => {
      const attempt = options.quiet ? undefined : attemptLine(line);
      if (attempt !== undefined) announce(attempt);
      if (options.verbose) writeLine(line);
      else if (isError(line)) writeErrorLine(line);
    },
  });
  cleanup.add(() => stack.stop());
  return stack;
}

function stopwatch(): (done: string) => void {
  let since = performance.now();
  return (done) => {
    const now = performance.now();
    write(`${done} in ${((now - since) / 1000).toFixed(1)} s\n`);
    since = now;
  };
}

async function main(): Promise<void> {
  const cleanup = new Cleanup();
  try {
    const options = parseCommandLine(process.argv.slice(2));
    if (options.help) {
      write(usage);
      return;
    }
    const stopping = new AbortController();
    const signalled = new Promise<void>((resolve) =>
      stopping.signal.addEventListener('abort', () => resolve()),
    );
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
    stopWithNpm(stopping);
    const started = run(options, cleanup, stopping.signal);
    const stack = await Promise.race([started, signalled]);
    if (stack === undefined) {
      // Only after the start has ended is everything in `cleanup`.
      await started.catch(() => undefined);
    } else {
      write(nextSteps(stack.url, stack.adminToken));
      await signalled;
    }
    await cleanup.run();
    process.exit(0);
  } catch (error) {
    // Failures of the cleanup only follow from this error, so they are not printed.
    await cleanup.run().catch(() => undefined);
    writeError(`error: ${oneLine(error)}\n`);
    process.exit(1);
  }
}

/** A killed npm passes no signal on, so the run stops when npm is no longer its parent. */
function stopWithNpm(stopping: AbortController): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stopping.abort();
  }, 500).unref();
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ');
}

await main();
