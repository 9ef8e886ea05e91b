import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const command = fileURLToPath(new URL('../../bin/local.ts', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'hook0-command-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function run(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [command, ...args], {
    env: { ...process.env, TMPDIR: scratch, ...env },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const says = (what: RegExp) =>
    new Promise<void>((resolve, reject) => {
      child.stdout.on('data', () => what.test(output.stdout) && resolve());
      child.once('close', () => reject(new Error(`it ended: ${output.stderr}`)));
    });
  return { child, output, exit, says };
}

describe('npm start', () => {
  it.each([
    [['--prot', '1'], {}, /^error: Unknown option '--prot'.*\n$/],
    [['--port', 'x'], {}, /^error: --port is "x".*\n$/],
    [[], { HOOK0_ADMIN_TOKEN: 'short' }, /^error: HOOK0_ADMIN_TOKEN has 5 characters.*\n$/],
  ])('%j ends with one line', async (args, env, message) => {
    const { output, exit } = run(args, env as Record<string, string>);
    expect(await exit).toBe(1);
    expect(output.stderr).toMatch(message);
  });

  it('tells at once that its port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const { output, exit } = run(['--port', String(port)]);
    expect(await exit).toBe(1);
    expect(output).toEqual({
      stdout: '',
      stderr: `error: port ${port} is in use: choose another with --port\n`,
    });
    server.close();
  });

  it('runs until it is told to stop, and leaves nothing behind', async () => {
    const { child, output, exit, says } = run(['--port', '0']);
    await says(/Ctrl-C/);
    const [, url] = /^Hook0 is ready: (http:\/\/127\.0\.0\.1:\d+)$/m.exec(output.stdout) ?? [];
    expect(output.stdout).toMatch(/^admin token: hk0_\w{36}$/m);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    child.kill('SIGINT');
    expect(await exit).toBe(0);
    expect(output.stderr).toBe('');
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    expect(readdirSync(scratch).filter((name) => name.startsWith('hook0-'))).toEqual([]);
  });
});
