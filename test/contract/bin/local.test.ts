import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openDataDir } from '#local/data-dir/data-dir.ts';
import { commandLineOf } from '#local/engines/processes.ts';

const command = fileURLToPath(new URL('../../../bin/local.ts', import.meta.url));
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
      const look = () => what.test(output.stdout) && resolve();
      child.stdout.on('data', look);
      look();
      child.once('close', () => reject(new Error(`it ended: ${output.stderr}`)));
    });
  return { child, output, exit, says };
}

async function post(url: string, token: string | undefined): Promise<void> {
  const answer = await fetch(`${url}/api/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"type":"a.b","payload":1}',
  });
  expect(answer.status).toBe(202);
}

/** The processes that a process started, and those that they started, by their command lines. */
function startedBy(pid: number): Map<number, string> {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const found = new Map<number, string>();
  const add = (parent: number): void => {
    for (const [child = 0, above] of rows) {
      const line = above === parent ? commandLineOf(child) : undefined;
      if (line === undefined) continue;
      found.set(child, line);
      add(child);
    }
  };
  add(pid);
  return found;
}

describe('npm start', () => {
  it.each([
    [['--prot', '1'], {}, /^error: Unknown option '--prot'.*\n$/],
    [['--port', 'x'], {}, /^error: --port is "x".*\n$/],
    [[], { HOOK0_ADMIN_TOKEN: 'short' }, /^error: HOOK0_ADMIN_TOKEN has 5 characters.*\n$/],
    [['--data-dir', '/dev/null'], {}, /^error: --data-dir \/dev\/null is a file: .*folder.*\n$/],
    [['--data-dir', '/dev/null/x'], {}, /^error: --data-dir \/dev\/null\/x lies below a file: .*folder.*\n$/],
  ])('%j ends with one line, at once', async (args, env, message) => {
    const { output, exit } = run(args, env as Record<string, string>);
    expect(await exit).toBe(1);
    expect(output.stderr).toMatch(message);
    expect(output.stdout).toBe('');
  });

  it('reports at once that its port is in use', async () => {
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

  it('reports at once that another run uses its data directory, and leaves it to that run', async () => {
    const folder = join(scratch, 'taken');
    const dataDir = openDataDir(folder);
    const { output, exit } = run(['--port', '0', '--data-dir', folder]);
    expect(await exit).toBe(1);
    expect(output).toEqual({
      stdout: '',
      stderr: `error: ${folder} is used by process ${process.pid}: stop it, or give another --data-dir\n`,
    });
    expect(() => openDataDir(folder)).toThrow('is used by process');
    dataDir.release();
  });

  it.each([
    ['SIGINT', []],
    ['SIGTERM', ['--quiet']],
  ] as const)('runs until %s with %j, and leaves nothing behind', async (signal, args) => {
    const { child, output, exit, says } = run(['--port', '0', ...args]);
    await says(/Ctrl-C/);
    const [, url] = /^Hook0 is ready: (http:\/\/127\.0\.0\.1:\d+)$/m.exec(output.stdout) ?? [];
    expect(output.stdout).toMatch(/^admin token: hk0_\w{36}$/m);
    expect((await fetch(`${url}/health`)).status).toBe(200);
    await post(`${url}`, /^admin token: (\S+)$/m.exec(output.stdout)?.[1]);
    if (args.length === 0) await says(/^\d\d:\d\d:\d\d event {5}evt_\w+ a\.b to 0 endpoints$/m);
    else expect(output.stdout).not.toContain('evt_');
    const engines = startedBy(child.pid ?? 0);
    const lines = [...engines.values()];
    expect(lines).toContainEqual(expect.stringContaining('watchdog.ts'));
    expect(lines).toContainEqual(expect.stringMatching(/^\S*dynoxide\S* --host 127\./));
    child.kill(signal);
    expect(await exit).toBe(0);
    expect(new Map([...engines].filter(([pid, line]) => commandLineOf(pid) === line))).toEqual(new Map());
    expect(output.stderr).toBe('');
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    expect(readdirSync(scratch).filter((name) => name.startsWith('hook0-'))).toEqual([]);
  });
});
