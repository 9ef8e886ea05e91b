// Runs one command and ends it when the parent process ends, even by SIGKILL: the kernel then closes standard input.
// Without it the engine would keep running and keep its database locked.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const given = process.argv.slice(2);
const temporary = given[0] === '--remove' ? given.splice(0, 2)[1] : undefined;
const [command, ...args] = given;
if (command === undefined) throw new Error('usage: watchdog [--remove <folder>] <command> [argument …]');

const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
process.stdout.write(`pid ${child.pid}\n`);
child.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on('exit', (code) => {
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  process.exit(code ?? 1);
});
process.stdin.on('end', () => child.kill('SIGKILL'));
process.stdin.resume();
// A terminal sends Ctrl-C to the whole group, but the parent decides when the engine ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
