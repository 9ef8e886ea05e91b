import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blocksOf } from './readme-blocks.ts';
import { vectors, type WebhookVector } from './webhook-vectors.ts';

// The functions of docs/signatures.md that verify webhooks in other languages.

const root = fileURLToPath(new URL('../..', import.meta.url));
const drivers = join(root, 'test/vectors/receivers');

export interface Language {
  readonly name: string;
  /** The language of its code block. */
  readonly fence: string;
  /** Where the block is written, and what stands before it. */
  readonly file: string;
  readonly before?: string;
  /** Calls the function for each line of its input, and prints true or false. */
  readonly driver: string;
  /** The commands that compile and run it. The last one reads the input. */
  readonly commands: readonly (readonly [string, ...string[]])[];
  /** Prints its version. */
  readonly version: readonly [string, ...string[]];
}

export const languages: readonly Language[] = [
  {
    ...{ name: 'Python', fence: 'python', file: 'webhook.py', driver: 'driver.py' },
    commands: [['python3', 'driver.py']],
    version: ['python3', '--version'],
  },
  {
    ...{ name: 'Go', fence: 'go', file: 'webhook.go', before: 'package main\n\n', driver: 'driver.go' },
    commands: [['go', 'build', '-o', 'receiver', 'webhook.go', 'driver.go'], ['./receiver']],
    version: ['go', 'version'],
  },
  {
    ...{ name: 'Ruby', fence: 'ruby', file: 'webhook.rb', driver: 'driver.rb' },
    commands: [['ruby', 'driver.rb']],
    version: ['ruby', '--version'],
  },
  {
    ...{ name: 'PHP', fence: 'php', file: 'webhook.php', before: '<?php\n\n', driver: 'driver.php' },
    commands: [['php', 'driver.php']],
    version: ['php', '-r', 'echo "PHP ", PHP_VERSION;'],
  },
  {
    ...{ name: 'Java', fence: 'java', file: 'Webhook.java', driver: 'Driver.java' },
    commands: [
      ['javac', 'Webhook.java', 'Driver.java'],
      ['java', '-cp', '.', 'Driver'],
    ],
    version: ['javac', '--version'],
  },
  {
    ...{ name: 'C#', fence: 'csharp', file: 'Webhook.cs', driver: 'Driver.cs' },
    commands: [
      ['mcs', '-out:receiver.exe', '-r:System.Core.dll', 'Webhook.cs', 'Driver.cs'],
      ['mono', 'receiver.exe'],
    ],
    version: ['mcs', '--version'],
  },
];

/** The function as docs/signatures.md shows it. */
function snippetOf({ fence }: Language): string {
  const page = readFileSync(join(root, 'docs/signatures.md'), 'utf8');
  const block = blocksOf(page).find(({ language }) => language === fence);
  if (block === undefined) throw new Error(`docs/signatures.md has no block of ${fence}`);
  return block.code;
}

/** Changes when the function, its driver or the vectors change. */
export function fingerprintOf(language: Language): string {
  const driver = readFileSync(join(drivers, language.driver));
  return createHash('sha256')
    .update(snippetOf(language))
    .update(driver)
    .update(inputOf(vectors))
    .digest('hex');
}

/** Whether all its programs are on the PATH. */
export const isInstalled = ({ commands }: Language): boolean =>
  commands.every(([program]) => program.startsWith('./') || isOnPath(program));

export const versionOf = ({ version: [program, ...args] }: Language): string =>
  execFileSync(program, args, { encoding: 'utf8' }).trim();

/** Runs the function on every vector. @returns what it answered to each */
export function answersOf(language: Language): readonly boolean[] {
  const cwd = mkdtempSync(join(tmpdir(), 'hook0-receiver-'));
  try {
    writeFileSync(join(cwd, language.file), `${language.before ?? ''}${snippetOf(language)}`);
    copyFileSync(join(drivers, language.driver), join(cwd, language.driver));
    const env = { ...process.env, GOCACHE: join(cwd, 'cache'), GO111MODULE: 'off', GOFLAGS: '' };
    let output = '';
    for (const [program, ...args] of language.commands) {
      output = execFileSync(program, args, { cwd, env, input: inputOf(vectors), encoding: 'utf8' });
    }
    return output
      .trim()
      .split('\n')
      .map((line) => line.trim() === 'true');
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** One line for each vector: its parts in base64, and - for a header that is missing. */
function inputOf(table: readonly WebhookVector[]): string {
  return table
    .map(({ secret, headers, body, now }) => {
      const signed = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => headers[name]);
      return [secret, ...signed, body, String(now)].map(inBase64).join(' ');
    })
    .map((line) => `${line}\n`)
    .join('');
}

const inBase64 = (text: string | undefined): string =>
  text === undefined ? '-' : Buffer.from(text).toString('base64');

const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
