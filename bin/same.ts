import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareAssemblies, readAssembly, type SynthesizedAssembly } from '#lib/compare-assemblies.ts';

// `npm run same -- <rev>`: says whether the minified bundles of all functions and the synthesized template are the same
// in the working tree as at <rev> (HEAD when none is given). A commit that only moves, renames or rewords changes neither.

const root = fileURLToPath(new URL('..', import.meta.url));
const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' });

/** Synthesizes the sources that `fill` puts into the folder. Both sides use one path, because esbuild orders modules by path. */
function synthesize(scratch: string, name: string, fill: (checkout: string) => void): SynthesizedAssembly {
  const checkout = join(scratch, 'checkout');
  const output = join(scratch, name);
  rmSync(checkout, { recursive: true, force: true });
  mkdirSync(checkout);
  fill(checkout);
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'), 'dir');
  execFileSync(process.execPath, ['bin/hook0.ts'], {
    cwd: checkout,
    env: { ...process.env, CDK_OUTDIR: output },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return readAssembly(output);
}

function copyRevision(revision: string, checkout: string): void {
  const archive = execFileSync('git', ['archive', revision], { cwd: root, maxBuffer: 1 << 28 });
  execFileSync('tar', ['-x', '-C', checkout], { input: archive });
}

function copyWorkingTree(checkout: string): void {
  const files = git('ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0');
  for (const file of files.filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(checkout, file)), { recursive: true });
    cpSync(join(root, file), join(checkout, file));
  }
}

const revision = process.argv[2] ?? 'HEAD';
const scratch = mkdtempSync(join(tmpdir(), 'hook0-same-'));
try {
  const before = synthesize(scratch, 'before', (checkout) => copyRevision(revision, checkout));
  const now = synthesize(scratch, 'now', copyWorkingTree);
  const differences = compareAssemblies(before, now);
  const same = `same: every bundle and the template are those of ${revision}`;
  process.stdout.write(`${differences.length === 0 ? same : differences.join('\n')}\n`);
  if (differences.length > 0) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
