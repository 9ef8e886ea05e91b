#!/usr/bin/env node
import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { browse } from './cli/browser.ts';
import { profileFile } from './cli/profile-file.ts';
import { runCli } from './cli/run.ts';
import { serve } from './cli/server.ts';
import { Hook0Error } from './errors.ts';

/** Bytes. An export of about ten thousand endpoints fits. */
const longestFile = 64 * 1024 * 1024;

async function read(file: string): Promise<Uint8Array> {
  if (file === '-') return standardInput();
  try {
    const { size } = await stat(file);
    if (size > longestFile)
      throw new Hook0Error(`${file} has ${size} bytes; at most ${longestFile} are accepted`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof Hook0Error) throw error;
    throw new Hook0Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    size += chunk.length;
    if (size > longestFile) throw new Hook0Error(`standard input has more than ${longestFile} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function ask(question: string, { hidden } = { hidden: false }): Promise<string> {
  if (!process.stdin.isTTY) {
    const hint = question.endsWith('[y/N] ') ? 'use --yes' : 'give it as an option, see --help';
    throw new Hook0Error(
      `there is no terminal to ask: ${question.replace(/\[y\/N\] $/, '').trim()} (${hint})`,
    );
  }
  let isHidden = false;
  const output = new Writable({
    write(chunk, _, done) {
      if (!isHidden) process.stderr.write(chunk);
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const answer = terminal.question(question);
    isHidden = hidden;
    return await answer;
  } finally {
    terminal.close();
    if (hidden) process.stderr.write('\n');
  }
}

let interruption: AbortController | undefined;
function interrupts(): AbortSignal {
  if (interruption !== undefined) return interruption.signal;
  const controller = new AbortController();
  interruption = controller;
  // After one of them, the next one has its default effect, which is the end of the process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => controller.abort());
  return controller.signal;
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener('abort', finish);
    if (signal.aborted) finish();
  });
}

// The reader of a pipe, such as `head`, has seen enough.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  showsProgress: process.stderr.isTTY === true,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  read,
  ask,
  profiles: profileFile(process.env, process.platform),
  now: Date.now,
  sleep,
  serve,
  browse: (url) => browse(url, process.platform, process.env),
  interrupts,
});
