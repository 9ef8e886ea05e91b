#!/usr/bin/env node
import { readFile, stat } from 'node:fs/promises';
import { runCli } from './cli/run.ts';
import { Hook0Error } from './errors.ts';

/** Bytes. An export of about ten thousand endpoints fits. */
const longestFile = 64 * 1024 * 1024;

async function read(file: string): Promise<string> {
  if (file === '-') return standardInput();
  try {
    const { size } = await stat(file);
    if (size > longestFile)
      throw new Hook0Error(`${file} has ${size} bytes; at most ${longestFile} are accepted`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Hook0Error) throw error;
    throw new Hook0Error(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    size += chunk.length;
    if (size > longestFile) throw new Hook0Error(`standard input has more than ${longestFile} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

process.exitCode = await runCli(process.argv.slice(2), {
  env: process.env,
  out: (line) => void process.stdout.write(line),
  err: (line) => void process.stderr.write(line),
  read,
});
