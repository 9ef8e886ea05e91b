// Runs before anything is installed, on whatever Node.js the machine has. So it is JavaScript that Node.js 16 can read,
// and it imports nothing but Node.js itself. After `npm ci` the npm scripts run on the Node.js in node_modules.
import { existsSync } from 'node:fs';

const found = process.versions.node;
const [major, minor] = found.split('.').map(Number);
const isInstalled = existsSync(new URL('../node_modules/.package-lock.json', import.meta.url));
const runsTypeScript = major >= 24 || (major === 22 && minor >= 18);

function problem() {
  if (major < 20) return `Node.js is too old: found ${found}, need >= 20`;
  if (!isInstalled) return 'the dependencies are not installed: run npm ci first';
  if (!runsTypeScript) {
    return `Node.js ${found} cannot run TypeScript: use the npm scripts, which run node_modules/.bin/node; if that is missing, run npm ci`;
  }
  return undefined;
}

const message = problem();
if (message !== undefined) {
  process.stderr.write(`hook0: ${message}\n`);
  process.exitCode = 1;
}
