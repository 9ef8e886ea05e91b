// npm run check:receivers: runs the functions of docs/signatures.md on the vectors, in each language that this machine
// has, and records which functions passed, so that CI notices a change that was not run.
import { readFileSync, writeFileSync } from 'node:fs';
import { answersOf, fingerprintOf, isInstalled, languages, versionOf } from './support/receiver-snippets.ts';
import { vectors } from './support/webhook-vectors.ts';

interface Checked {
  readonly name: string;
  readonly by: string;
  readonly fingerprint: string;
}

const file = new URL('vectors/receivers/checked.json', import.meta.url);
const before: readonly Checked[] = JSON.parse(readFileSync(file, 'utf8'));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const records = languages.flatMap((language): readonly Checked[] => {
  const { name } = language;
  const old = before.filter((one) => one.name === name);
  if (!isInstalled(language)) {
    const isCurrent = old[0]?.fingerprint === fingerprintOf(language);
    say(`${name}: not installed here; ${isCurrent ? `run by ${old[0]?.by}` : 'it changed since it was run'}`);
    return old;
  }
  const answers = answersOf(language);
  const wrong = vectors.filter(({ expected }, index) => (expected === 'verified') !== answers[index]);
  say(`${name}: ${wrong.length === 0 ? 'passed' : `wrong for: ${wrong.map((one) => one.name).join('; ')}`}`);
  if (wrong.length > 0) process.exitCode = 1;
  return wrong.length > 0 ? old : [{ name, by: versionOf(language), fingerprint: fingerprintOf(language) }];
});
writeFileSync(file, `${JSON.stringify(records, null, 2)}\n`);
