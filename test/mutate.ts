import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutation } from './mutations/mutation.ts';
import { mutations } from './mutations/mutations.ts';
import { misplaced } from './support/misplaced.ts';

// Breaks each promise by a small change of a copy of the source, and shows that its test fails. A promise whose test
// passes all the same is only a comment.

const root = fileURLToPath(new URL('..', import.meta.url));
const notCopied = new Set(['.git', 'node_modules', 'cdk.out']);
const atATime = 2;
const longestRun = 300_000;
// Two at a time on a loaded machine: a test that was only slow must not count as one that noticed.
const longestTest = 120_000;

interface TestRun {
  readonly passed: number;
  readonly failed: readonly string[];
  /** What kept the tests from running, if anything did. */
  readonly trouble?: string;
}

async function main(): Promise<number> {
  const problems = await misplaced(root, mutations);
  if (problems.length > 0) return tell(problems);
  const scratch = await mkdtemp(join(tmpdir(), 'hook0-mutate-'));
  try {
    const healthy = await inTurns(byFile(), async ([file, names], slot) => {
      const run = await runTests(await copyTo(scratch, `healthy-${slot}`), file, names);
      const isFine = run.trouble === undefined && run.failed.length === 0 && run.passed >= names.length;
      return isFine ? [] : [`${file} must pass before it can fail: ${describe(run)}`];
    });
    if (healthy.flat().length > 0) return tell(healthy.flat());
    const survivors = await inTurns(mutations, async (mutation, slot) => {
      const problem = await tryOut(mutation, await copyTo(scratch, `mutant-${slot}`));
      const result = problem === undefined ? 'noticed' : 'SURVIVED';
      write(`${result}  promise ${mutation.promise} | ${mutation.breaks}\n`);
      return problem === undefined ? [] : [problem];
    });
    if (survivors.flat().length > 0) return tell(survivors.flat());
    write(`all ${mutations.length} changes were noticed\n`);
    return 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Undefined when the test noticed, otherwise what is wrong. */
async function tryOut(mutation: Mutation, copy: string): Promise<string | undefined> {
  const path = join(copy, mutation.file);
  const source = await readFile(path, 'utf8');
  const where = `${mutation.file} (${mutation.breaks})`;
  await writeFile(
    path,
    source.replace(mutation.old, () => mutation.new),
  );
  const run = await runTests(copy, mutation.test.file, [mutation.test.name]);
  await writeFile(path, source);
  if (run.trouble !== undefined) return `${where}: ${run.trouble}`;
  return run.failed.length > 0
    ? undefined
    : `${where}: "${mutation.test.name}" did not notice; ${describe(run)}`;
}

/** Tests whose full name starts with one of these. */
async function runTests(folder: string, file: string, names: readonly string[]): Promise<TestRun> {
  const report = join(folder, 'report.json');
  const pattern = `^(?:${names.map(escaped).join('|')})`;
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const output = await run(
    [
      ...[vitest, 'run', file, '-t', pattern, '--reporter=json', `--outputFile=${report}`],
      `--testTimeout=${longestTest}`,
    ],
    folder,
  );
  const text = await readFile(report, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: [], trouble: `no tests ran: ${output.slice(-2_000)}` };
  await rm(report);
  const { testResults }: Report = JSON.parse(text);
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string) =>
    results.filter((result) => result.status === status).map(({ fullName }) => fullName);
  const [passed, failed] = [named('passed').length, named('failed')];
  if (passed + failed.length > 0) return { passed, failed };
  return {
    passed,
    failed,
    trouble: `${file} has no test "${names.join('", "')}", or does not load: ${output}`,
  };
}

/** What is read of vitest's JSON report. */
interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function run(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      timeout: longestRun,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}

const copies = new Map<string, Promise<string>>();

/** A copy of the source tree, made once for each name. */
function copyTo(scratch: string, name: string): Promise<string> {
  const known = copies.get(name);
  if (known) return known;
  const made = copy(join(scratch, name));
  copies.set(name, made);
  return made;
}

async function copy(folder: string): Promise<string> {
  await cp(root, folder, { recursive: true, filter: (path) => !notCopied.has(basename(path)) });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return folder;
}

function byFile(): [string, string[]][] {
  const groups = Map.groupBy(mutations, ({ test }) => test.file);
  return [...groups].map(([file, group]) => [file, [...new Set(group.map(({ test }) => test.name))]]);
}

/** Works on all items, a few at a time, each in a slot of its own. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item, slot: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.values();
  const slots = Array.from({ length: atATime }, async (_, slot) => {
    for (const item of rest) results.push(await work(item, slot));
  });
  await Promise.all(slots);
  return results;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const describe = ({ passed, failed, trouble }: TestRun): string =>
  trouble ?? `${passed} passed, ${failed.length} failed ${failed.join(', ')}`;

function tell(problems: readonly string[]): number {
  write(`\n${problems.join('\n')}\n`);
  return 1;
}

function write(text: string): void {
  process.stdout.write(text);
}

process.exitCode = await main();
