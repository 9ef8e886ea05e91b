import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

// Words that make a sentence hard to read. "How we write English" in CONTRIBUTING.md says what to write instead.
const denied = /whoever|whomever|\bdear\b|told of|\bbe it\b|at one go|belongs? into/gi;
const self = 'bin/lint-prose.ts';
const unchecked = [self, 'package-lock.json'];

const pathspecs = ['.', ...unchecked.map((path) => `:!${path}`)];
const files = execFileSync('git', ['ls-files', '-z', '--', ...pathspecs])
  .toString()
  .split('\0')
  .filter((path) => path !== '' && existsSync(path));
const findings = files.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(denied)].map(([word]) => `${file}:${index + 1}: replace "${word}"`),
    ),
);
for (const finding of findings) process.stderr.write(`${finding}\n`);
if (findings.length > 0) process.exitCode = 1;
