import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { scriptedApi } from '#test/support/scripted-api.ts';
import { exampleBody } from '#test/support/scripted-client.ts';

// The command as a process: its pipes, and Ctrl-C.

const command = fileURLToPath(new URL('../../../sdk/src/cli.ts', import.meta.url));

/** Runs the command in a shell, where `$HOOK0` stands for it. */
function inShell(script: string, env: Readonly<Record<string, string>>) {
  const child = spawn('sh', ['-c', script.replaceAll('$HOOK0', `"${process.execPath}" "${command}"`)], {
    env: { ...process.env, NO_COLOR: '', ...env },
    detached: true,
  });
  const output = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text;
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  // As a terminal does: to every process of the group.
  const interrupt = (signal: NodeJS.Signals = 'SIGINT') => process.kill(-(child.pid ?? 0), signal);
  const says = (what: RegExp) =>
    new Promise<void>((resolve, reject) => {
      child.stderr.on('data', () => what.test(output.err) && resolve());
      void exit.then(() => reject(new Error(`it ended: ${output.err}`)));
    });
  return { output, exit, interrupt, says };
}

describe('the command as a process', () => {
  it('ends quietly when the reader of its pipe has gone', async () => {
    const event = exampleBody('getEvent', 200);
    const page = Array.from({ length: 100 }, () => event);
    let pages = 0;
    const { env } = await scriptedApi(() => {
      pages += 1;
      return { status: 200, body: { data: page, nextCursor: pages === 300 ? null : String(pages) } };
    });
    const { output, exit } = inShell('$HOOK0 events list --all | head -2', env);
    expect(await exit).toBe(0);
    expect(output.err).toBe('');
    expect(output.out.split('\n')).toHaveLength(3);
    expect(pages).toBeLessThan(300);
  });

  it('says after Ctrl-C that the task goes on, and exits with 130', async () => {
    const task = { ...exampleBody('getTask', 200), id: 'tsk_1', status: 'running', processed: 10, total: 90 };
    const asked = Promise.withResolvers<void>();
    const { env } = await scriptedApi(({ method, url }) => {
      if (method === 'POST') return { status: 202, body: { taskId: 'tsk_1' } };
      if (url === '/api/tasks/tsk_1') asked.resolve();
      return { status: 200, body: task };
    });
    const { output, exit, interrupt } = inShell('exec $HOOK0 dead-letters redrive --all', env);
    await asked.promise;
    interrupt();
    expect(await exit).toBe(130);
    expect(output.out).toBe('');
    expect(output.err).toMatch(/^stopped watching; the task goes on, and so far: 10 of 90 checked/);
    expect(output.err).toContain('hook0 tasks cancel tsk_1');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('removes the endpoint of listen after %s', async (signal) => {
    const endpoint = { ...exampleBody('getEndpoint', 200), id: 'ep_1' };
    const { requests, env } = await scriptedApi(({ method, url }) => {
      if (method === 'DELETE') return { status: 204 };
      if (url?.endsWith('/secret')) return { status: 200, body: exampleBody('getEndpointSecret', 200) };
      return { status: 201, body: endpoint };
    });
    const { output, exit, interrupt, says } = inShell('exec $HOOK0 listen', env);
    await says(/^ready: \* arrive directly, showing them; Ctrl-C ends$/m);
    interrupt(signal);
    expect(await exit).toBe(0);
    expect(output.err).toMatch(/the temporary endpoint ep_1 is removed\n$/);
    expect(requests.at(-1)?.request).toBe('DELETE /api/endpoints/ep_1');
  });

  it('reads standard input, and has the exit codes of its help', async () => {
    const { requests, env } = await scriptedApi(() => ({
      status: 202,
      body: { success: true, eventId: 'evt_1', webhookCount: 0 },
    }));
    const sent = inShell(`printf '{"n":1.0}' | $HOOK0 send a -`, env);
    expect(await sent.exit).toBe(0);
    expect(sent.output.out).toBe('evt_1 goes to 0 endpoints\n');
    expect(requests[0]?.body).toContain('{"n":1.0}');
    expect(await inShell('$HOOK0 sned', env).exit).toBe(2);
    expect(await inShell('$HOOK0 endpoints delete ep_1 < /dev/null', env).exit).toBe(1);
  });
});
