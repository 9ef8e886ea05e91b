// npm run check:licences: fails when the licence of an installed package is unknown or not accepted.
import { readFileSync } from 'node:fs';
import { type Lock, refusedLicences } from './supply-chain/licences.ts';

const lock: Lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const refused = refusedLicences(lock);
for (const line of refused) process.stderr.write(`${line}\n`);
if (refused.length > 0) process.exitCode = 1;
else process.stdout.write(`${Object.keys(lock.packages).length} packages: all licences are accepted\n`);
