import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AwsCaller, awsCaller } from '#local/aws-protocol/client.ts';
import { type Engines, startEngines } from '#local/engines/engines.ts';
import { findDynoxide } from '#local/engines/find-dynoxide.ts';
import { commandLineOf, readPid } from '#local/engines/processes.ts';

const folders: string[] = [];
const engines: Engines[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map((one) => one.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function start(dataDir?: string) {
  const started = await startEngines({ dataDir });
  engines.push(started);
  return started;
}

/** A parent of engines that dies by SIGKILL, which leaves it no chance to clean up. */
async function startInDoomedProcess(dataDir?: string, env: NodeJS.ProcessEnv = {}) {
  const module = new URL('../../../../local/engines/engines.ts', import.meta.url).href;
  const source = `
    const { startEngines } = await import(${JSON.stringify(module)});
    console.log(JSON.stringify(await startEngines(${JSON.stringify({ dataDir })})));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const origins: { dynamodb: string; sqs: string } = JSON.parse(line);
    return { child, ...awsCaller((service) => (service === 'sqs' ? origins.sqs : origins.dynamodb), 'root') };
  }
  throw new Error('the engines did not start');
}

const table = {
  TableName: 'Things',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const QueueUrl = 'http://sqs/000000000000/Work';

describe('the engines', () => {
  it('start side by side, with tables and ports of their own', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await one.call('dynamodb', 'CreateTable', table);
    expect(await two.call('dynamodb', 'ListTables', {})).toEqual({ TableNames: [] });
    expect(new Set([one.dynamodb, one.sqs, two.dynamodb, two.sqs]).size).toBe(4);
  });

  it('survive SIGKILL of their parent: nothing is lost, nothing waits, nothing keeps running', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'hook0-engines-'));
    folders.push(dataDir);
    const { child, call } = await startInDoomedProcess(dataDir);
    await call('dynamodb', 'CreateTable', table);
    await call('dynamodb', 'PutItem', { TableName: 'Things', Item: { id: { S: 'a' } } });
    await call('sqs', 'CreateQueue', { QueueName: 'Work', Attributes: { VisibilityTimeout: '600' } });
    await call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'in flight' });
    expect(await call('sqs', 'ReceiveMessage', { QueueUrl })).toMatchObject({
      Messages: [{ Body: 'in flight' }],
    });
    child.kill('SIGKILL');

    const again = await start(dataDir);
    expect(await again.call('dynamodb', 'Scan', { TableName: 'Things' })).toMatchObject({ Count: 1 });
    const received = await again.call('sqs', 'ReceiveMessage', {
      QueueUrl,
      WaitTimeSeconds: 10,
      AttributeNames: ['ApproximateReceiveCount'],
    });
    expect(received).toMatchObject({
      Messages: [{ Body: 'in flight', Attributes: { ApproximateReceiveCount: '2' } }],
    });
  });

  it('leave no orphan when their parent dies', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'hook0-engines-'));
    folders.push(dataDir);
    const { child } = await startInDoomedProcess(dataDir);
    const pid = readPid(join(dataDir, 'dynoxide.pid')) ?? 0;
    expect(commandLineOf(pid)).toContain(dataDir);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(commandLineOf(pid)).toBeUndefined(), { timeout: 10_000, interval: 20 });
  });

  it('leave nothing behind without a data directory', async () => {
    const temporary = mkdtempSync(join(tmpdir(), 'hook0-engines-'));
    folders.push(temporary);
    const { child, call } = await startInDoomedProcess(undefined, { TMPDIR: temporary });
    await call('dynamodb', 'CreateTable', table);
    expect(readdirSync(temporary)).toHaveLength(1);
    child.kill('SIGKILL');
    await vi.waitFor(() => expect(readdirSync(temporary)).toEqual([]), { timeout: 10_000, interval: 20 });
  });

  it('write as fast after many records of a stream as at first', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'hook0-engines-'));
    folders.push(dataDir);
    const { call } = await start(dataDir);
    await call('dynamodb', 'CreateTable', {
      ...table,
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    });
    const putAll = async () => {
      const started = performance.now();
      for (let n = 0; n < 50; n++)
        await call('dynamodb', 'PutItem', { TableName: 'Things', Item: { id: { S: `${n}` } } });
      return performance.now() - started;
    };
    // The least of some: this machine may stand still for a moment.
    const leastOfSome = async () => Math.min(await putAll(), await putAll(), await putAll());
    const floor = await leastOfSome();
    const database = new DatabaseSync(join(dataDir, 'dynamodb.sqlite'), { timeout: 5_000 });
    database.exec(`
      WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)
      INSERT INTO _stream_records (table_name, event_name, keys_json, sequence_number, shard_id, created_at)
      SELECT 'Things', 'INSERT', '{}', CAST(i AS TEXT), 'shardId-00000001-Things', 0 FROM n`);
    database.close();
    // Without an index this is thirty times the floor.
    expect((await leastOfSome()) / floor).toBeLessThan(10);
  });

  it('are fair to message groups, after a restart as well', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'hook0-engines-'));
    folders.push(dataDir);
    const first = await start(dataDir);
    await first.call('sqs', 'CreateQueue', { QueueName: 'Work' });
    const send = (MessageGroupId: string, bodies: readonly string[]) =>
      first.call('sqs', 'SendMessageBatch', {
        QueueUrl,
        Entries: bodies.map((MessageBody, n) => ({ Id: `${n}`, MessageBody, MessageGroupId })),
      });
    const receive = async (one: { readonly call: AwsCaller['call'] }) => {
      const { Messages } = await one.call('sqs', 'ReceiveMessage', {
        QueueUrl,
        MessageSystemAttributeNames: ['MessageGroupId'],
      });
      return (Messages as readonly { Body: string; Attributes: object }[])[0];
    };
    await send('flood', ['flood 1', 'flood 2', 'flood 3']);
    await first.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'quiet 1', MessageGroupId: 'quiet' });
    expect(await receive(first)).toMatchObject({
      ...{ Body: 'flood 1', Attributes: { MessageGroupId: 'flood' } },
    });
    expect(await receive(first)).toMatchObject({ Body: 'quiet 1' });
    expect(await receive(first)).toMatchObject({ Body: 'flood 2' });
    await send('quiet', ['quiet 2']);
    await engines.pop()?.stop();

    const second = await start(dataDir);
    expect(await receive(second)).toMatchObject({ Body: 'quiet 2', Attributes: { MessageGroupId: 'quiet' } });
  });

  it('take a DynamoDB that runs already', async () => {
    const first = await start();
    const second = await startEngines({ dynamodbEndpoint: `${first.dynamodb}/` });
    engines.push(second);
    expect(second.dynamodb).toBe(first.dynamodb);
    await second.stop();
    expect(await first.call('dynamodb', 'ListTables', {})).toEqual({ TableNames: [] });
  });

  it('say what to do when there is no DynamoDB', async () => {
    await expect(startEngines({ dynamodbEndpoint: 'localhost' })).rejects.toThrow(
      /DYNAMODB_ENDPOINT is "localhost"/,
    );
    // The package is installed here, so an empty PATH is enough.
    expect(findDynoxide('')).toMatch(/dynoxide/);
  });
});
