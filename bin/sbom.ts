// npm run sbom -s: writes the bill of materials of what is deployed and published, as CycloneDX, to standard output.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type Bill, deployedBill } from './supply-chain/bill.ts';

const root = new URL('..', import.meta.url);
const { name } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const bill: Bill = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  }),
);
const deployed = deployedBill(bill, name);
process.stdout.write(`${JSON.stringify(deployed, undefined, 2)}\n`);
