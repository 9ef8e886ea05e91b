import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

// Words that make a sentence hard to read. "How we write" in CONTRIBUTING.md says what to write instead.
const denied = /whoever|whomever|\bdear\b|told of|\bbe it\b|at one go|belongs? into/gi;
const checked = [':(glob)*.md', ':(glob)docs/**/*.md'];

const files = execFileSync('git', ['ls-files', '-z', '--', ...checked])
  .toString()
  .split('\0')
  .filter(Boolean);
const findings = files.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(denied)].map(([word]) => `${file}:${index + 1}: replace "${word}"`),
    ),
);
for (const finding of findings) process.stderr.write(`${finding}\n`);
if (findings.length > 0) process.exitCode = 1;
