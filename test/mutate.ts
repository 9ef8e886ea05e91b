import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mutations } from '#test/mutations/mutations.ts';
import { mutationPlanner, type PlannedMutation } from '#test/support/mutation-plan.ts';

// Breaks each promise by a small change of a copy of the source, and shows that its test fails. A promise whose test
// passes all the same is only a comment. `--only text` makes the changes that have the text in any of their fields, and
// `--at-a-time 1` makes one at a time.

const root = fileURLToPath(new URL('..', import.meta.url));
const notCopied = new Set(['.git', 'node_modules', 'cdk.out']);
const longestRun = 300_000;
// On a loaded machine: a test that was only slow must not count as one that noticed.
const longestTest = 120_000;

interface TestRun {
  readonly passed: number;
  readonly failed: readonly string[];
  /** What kept the tests from running, if anything did. */
  readonly trouble?: string;
}

async function main(): Promise<number> {
  const { only, 'at-a-time': slots } = parseArgs({
    options: { only: { type: 'string', default: '' }, 'at-a-time': { type: 'string', default: '2' } },
  }).values;
  const plan = mutationPlanner(root);
  const chosen = mutations
    .filter((mutation) => Object.values(mutation).some((text) => text.includes(only)))
    .map(plan);
  if (chosen.length === 0) return report([`no mutation has the text "${only}"`]);
  const scratch = await mkdtemp(join(tmpdir(), 'hook0-mutate-'));
  try {
    const unhealthy = await inParallel(byFile(chosen), Number(slots), async ([file, names], slot) => {
      const run = await runTests(await copyTo(scratch, slot), file, names);
      const isHealthy = run.trouble === undefined && run.failed.length === 0 && run.passed >= names.length;
      return isHealthy ? [] : [`${file} must pass before it can fail: ${describe(run)}`];
    });
    if (unhealthy.length > 0) return report(unhealthy);
    const survivors = await inParallel(chosen, Number(slots), async (mutation, slot) => {
      const problems = await tryOut(mutation, await copyTo(scratch, slot));
      const result = problems.length === 0 ? 'noticed' : 'SURVIVED';
      write(`${result}  ${mutation.promise} | ${mutation.breaks}\n`);
      return problems;
    });
    if (survivors.length > 0) return report(survivors);
    write(`all ${chosen.length} changes were noticed\n`);
    return 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What is wrong when the test did not notice. */
async function tryOut(mutation: PlannedMutation, copy: string): Promise<string[]> {
  const { breaks, test, testFile } = mutation;
  const path = join(copy, mutation.file);
  const source = await readFile(path, 'utf8');
  await writeFile(path, mutation.changedSource);
  const run = await runTests(copy, testFile, [test]);
  await writeFile(path, source);
  const where = `${mutation.file} (${breaks})`;
  if (run.trouble !== undefined) return [`${where}: ${run.trouble}`];
  return run.failed.length > 0 ? [] : [`${where}: "${test}" in ${testFile} did not notice; ${describe(run)}`];
}

/** Tests whose full name starts with one of these. */
async function runTests(folder: string, file: string, names: readonly string[]): Promise<TestRun> {
  const reportFile = join(folder, 'report.json');
  const pattern = `^(?:${names.map(escaped).join('|')})`;
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const output = await run(
    [
      ...[vitest, 'run', file, '-t', pattern, '--reporter=json', `--outputFile=${reportFile}`],
      `--testTimeout=${longestTest}`,
    ],
    folder,
  );
  const text = await readFile(reportFile, 'utf8').catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: [], trouble: `no tests ran: ${output.slice(-2_000)}` };
  await rm(reportFile);
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

/** The part of vitest's JSON report that is read here. */
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

const copies = new Map<number, Promise<string>>();

/** A copy of the source tree for each slot, made once. */
function copyTo(scratch: string, slot: number): Promise<string> {
  const known = copies.get(slot);
  if (known) return known;
  const made = copy(join(scratch, String(slot)));
  copies.set(slot, made);
  return made;
}

async function copy(folder: string): Promise<string> {
  await cp(root, folder, { recursive: true, filter: (path) => !notCopied.has(basename(path)) });
  for (const modules of ['node_modules', 'sdk/node_modules']) {
    await symlink(join(root, modules), join(folder, modules), 'dir');
  }
  return folder;
}

function byFile(planned: readonly PlannedMutation[]): [string, string[]][] {
  const groups = Map.groupBy(planned, ({ testFile }) => testFile);
  return [...groups].map(([file, group]) => [file, [...new Set(group.map(({ test }) => test))]]);
}

/** Works on all items, as many at a time as there are slots. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  slots: number,
  work: (item: Item, slot: number) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.values();
  const workers = Array.from({ length: slots }, async (_, slot) => {
    for (const item of rest) results.push(...(await work(item, slot)));
  });
  await Promise.all(workers);
  return results;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const describe = ({ passed, failed, trouble }: TestRun): string =>
  trouble ?? `${passed} passed, ${failed.length} failed ${failed.join(', ')}`;

function report(problems: readonly string[]): number {
  write(`\n${problems.join('\n')}\n`);
  return 1;
}

function write(text: string): void {
  process.stdout.write(text);
}

process.exitCode = await main();
