// npm run check:signatures: verifies the signatures and attestations of all installed packages, which the registry must
// serve. A mirror that does not cannot be told from one that removed them, so that this fails then, and says so.
import { execFileSync, spawnSync } from 'node:child_process';
import { registryKeys } from './supply-chain/registry-keys.ts';

const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
const { origin } = new URL(registry);
const keys = await registryKeys(registry);
if (keys.kind === 'none') {
  process.stderr.write(
    `NOT VERIFIED: ${origin} serves no signing keys (${keys.reason}), so that no signature can be checked.\n` +
      'package-lock.json still holds a SHA-512 of each package, which npm ci compares.\n' +
      'To verify the signatures, use a registry that serves them: npm_config_registry=https://registry.npmjs.org npm run check:signatures\n',
  );
  process.exitCode = 1;
} else {
  const { status } = spawnSync('npm', ['audit', 'signatures'], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
