import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { startReceiver } from '#demo/receiver.ts';
import { createApi } from '#test/support/api.ts';

const command = fileURLToPath(new URL('../../bin/local.ts', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'hook0-killed-'));
const running: ChildProcess[] = [];

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

/** Starts `npm start`'s program and resolves when it accepts traffic. */
async function start(): Promise<{
  readonly child: ChildProcess;
  readonly url: string;
  readonly token: string;
}> {
  const child = spawn(process.execPath, [command, '--port', '0', '--data-dir', dataDir, '--tick', '1'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let output = '';
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [, url] = /^Hook0 is ready: (\S+)$/m.exec(output) ?? [];
      const [, token] = /^admin token: (\S+)$/m.exec(output) ?? [];
      if (url && token) resolve({ child, url, token });
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('close', () => reject(new Error(`it ended: ${output}`)));
  });
}

describe('the local run with a data directory', () => {
  it('loses no accepted event when it is killed under load', async () => {
    const receiver = await startReceiver(() => ({ status: 200, after: 50 }));
    const first = await start();
    const api = createApi(first.url, first.token);
    await api.expect(201, 'POST', '/api/endpoints', { name: 'all', url: receiver.url, events: ['*'] });

    const accepted: string[] = [];
    const post = async () => {
      // Until the process is gone; what was not answered was not accepted.
      for (let posted = 0; posted < 200; posted += 1) {
        const answer = await api.call('POST', '/api/events', { type: 'load.test', payload: { posted } });
        if (answer.status !== 202) continue;
        accepted.push(JSON.parse(answer.text).eventId);
        if (accepted.length === 60) first.child.kill('SIGKILL');
      }
    };
    await Promise.allSettled([post(), post(), post(), post()]);
    expect(accepted.length).toBeGreaterThanOrEqual(60);

    const second = await start();
    const ids = () => new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
    await receiver.until(() => accepted.every((id) => ids().has(id)), 120_000);
    const again = createApi(second.url, second.token);
    expect((await again.expect(200, 'GET', `/api/events/${accepted[0]}`)).id).toBe(accepted[0]);
    const ended = new Promise((resolve) => second.child.once('close', resolve));
    second.child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await receiver.stop();
  }, 240_000);
});
