import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const local = (file: string) => JSON.stringify(new URL(`../../../../local/lambda/${file}`, import.meta.url));

/** A process under a debugger that invokes a function of 100 ms, which stops in its handler. */
function startDebugged() {
  const folder = mkdtempSync(join(tmpdir(), 'hook0-debugger-'));
  const module = join(folder, 'index.mjs');
  writeFileSync(module, 'export const handler = async () => { debugger; return 7; };');
  const source = `
    import { LambdaFunction } from ${local('function.ts')};
    import { logSink } from ${local('logs.ts')};
    import { metricStore } from ${local('metrics.ts')};
    const settings = { logicalId: 'F', name: 'f', arn: 'arn', handler: 'handler', environment: {}, memoryMb: 128 };
    const target = new LambdaFunction(
      { ...settings, module: ${JSON.stringify(module)}, timeoutMs: 100 },
      logSink({ metrics: metricStore() }),
    );
    process.stdin.once('data', async () => {
      process.stdout.write(JSON.stringify(await target.invoke('{}')));
      await target.stop();
    });
  `;
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', '--input-type=module', '-e', source]);
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  let errors = '';
  const inspector = new Promise<string>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
      const [url] = /ws:\/\/\S+/.exec(errors) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  const printed = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', resolve);
    child.once('close', () => reject(new Error(errors)));
  });
  return { child, inspector, printed };
}

it('a debugger stops inside a function, which then has no timeout', async () => {
  const { child, inspector, printed } = startDebugged();
  const socket = new WebSocket(await inspector);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  let id = 0;
  const send = (method: string, params: object) => socket.send(JSON.stringify({ id: ++id, method, params }));
  const toThread = (sessionId: string, method: string) =>
    send('NodeWorker.sendMessageToWorker', {
      sessionId,
      message: JSON.stringify({ id: ++id, method, params: {} }),
    });
  const stops: string[] = [];
  socket.addEventListener('message', ({ data }) => {
    const { method, params } = JSON.parse(data);
    if (method === 'NodeWorker.attachedToWorker') {
      toThread(params.sessionId, 'Debugger.enable');
      toThread(params.sessionId, 'Runtime.runIfWaitingForDebugger');
    }
    if (method !== 'NodeWorker.receivedMessageFromWorker') return;
    const inner = JSON.parse(params.message);
    if (inner.method !== 'Debugger.paused') return;
    stops.push(inner.params.callFrames[0].functionName);
    // Longer than the function may take without a debugger.
    setTimeout(() => toThread(params.sessionId, 'Debugger.resume'), 300);
  });
  send('NodeWorker.enable', { waitForDebuggerOnStart: true });
  child.stdin.write('go\n');
  const result = await printed;
  socket.close();
  expect(stops.at(-1)).toBe('handler');
  expect(JSON.parse(result)).toEqual({ kind: 'result', payload: '7' });
});
