import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openDataDir } from '#local/data-dir/data-dir.ts';
import { tinyApi, tinyAssembly } from '#test/support/tiny-assembly.ts';
import { logged, queue, queueMapping, sender, sendsTo, startTinyStack } from '#test/support/tiny-stack.ts';

/** Files below a folder that the group or others may read or write, with their modes. */
const readableByOthers = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name): [string, number] => [name, statSync(join(folder, name)).mode & 0o777])
    .filter(([, mode]) => (mode & 0o077) !== 0)
    .map(([name, mode]) => `${name} ${mode.toString(8)}`);

describe('the local stack', () => {
  it('answers HTTP through the bundle that the template names', async () => {
    const stack = await startTinyStack(
      tinyAssembly(
        {
          Api1: 'export const handler = async (event) => ({ key: event.routeKey, ...event.pathParameters })',
        },
        tinyApi('Api1', ['POST /api/events', 'ANY /x/{proxy+}', '$default']),
      ),
    );
    const answer = async (method: string, path: string) => (await fetch(stack.url + path, { method })).json();
    expect(await answer('POST', '/api/events')).toEqual({ key: 'POST /api/events' });
    expect(await answer('GET', '/x/a/b')).toEqual({ key: 'ANY /x/{proxy+}', proxy: 'a/b' });
    expect(await answer('GET', '/api/events')).toEqual({ key: '$default' });
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ AllowOrigins: ['*'] }, /Api .*AllowOrigins is \["\*"\], expected origins without wildcards/],
    [{ AllowOrigins: ['https://a.example'], AllowCredentials: true }, /AllowCredentials is true, expected/],
  ])('refuses the CORS of %j, which it would not do as AWS does', async (CorsConfiguration, message) => {
    const api = tinyApi('Api1', ['$default']);
    const assembly = tinyAssembly(
      { Api1: 'export const handler = async () => 1' },
      {
        ...api,
        Api: {
          ...api.Api,
          Type: 'AWS::ApiGatewayV2::Api',
          Properties: { ProtocolType: 'HTTP', CorsConfiguration },
        },
      },
    );
    await expect(startTinyStack(assembly)).rejects.toThrow(message);
  });

  it('lets no caller invoke a function without a permission', async () => {
    const stack = await startTinyStack(
      tinyAssembly({ Api1: 'export const handler = async () => 1' }, tinyApi('Api1', ['$default'])),
      { mutateTemplate: ({ Resources }) => void delete Resources.MayInvoke },
    );
    expect((await fetch(stack.url)).status).toBe(500);
    expect(stack.logs('local').at(-1)?.text).toMatch(/Api1: no AWS::Lambda::Permission lets apigateway/);
  });

  it('makes custom resources and goes on from a data directory', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'hook0-data-'));
    onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
    const maker = `export const handler = async (event) => {
      console.log(JSON.stringify(event));
      await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify({
        Status: 'SUCCESS', PhysicalResourceId: 'made-1', Data: { Word: 'hello' } }) });
    }`;
    const assembly = tinyAssembly(
      {
        Maker: maker,
        Sender: sender,
        Consumer: 'export const handler = () => new Promise(() => setInterval(() => 0, 10))',
      },
      {
        Queue: queue({ VisibilityTimeout: 300 }),
        Messages: queueMapping(),
        Sender: sendsTo('Queue'),
        Secret: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: { GenerateSecretString: { PasswordLength: 20 } },
        },
        Made: {
          Type: 'Custom::Made',
          Properties: { ServiceToken: { 'Fn::GetAtt': ['Maker', 'Arn'] }, Size: 3, Url: { Ref: 'Queue' } },
        },
      },
      {
        Word: { Value: { 'Fn::GetAtt': ['Made', 'Word'] } },
        AdminTokenSecretArn: { Value: { Ref: 'Secret' } },
      },
    );
    const first = await startTinyStack(assembly, { dataDir: openDataDir(dataDir) });
    expect(first.outputs.Word).toBe('hello');
    expect(first.secret('AdminTokenSecretArn')).toHaveLength(20);
    expect(logged(first, 'Maker')).toMatchObject([
      {
        RequestType: 'Create',
        LogicalResourceId: 'Made',
        ResourceType: 'Custom::Made',
        ResourceProperties: { Size: '3' },
      },
    ]);
    await first.invoke('Sender', ['survives']);
    const received = () =>
      first.proxy.meter.snapshot().some((entry) => entry.action === 'SendMessage' && entry.calls === 1);
    await vi.waitFor(() => expect(received()).toBe(true));
    // Also of those that the engines made, such as the logs of the databases.
    expect(readdirSync(dataDir)).toEqual(expect.arrayContaining(['dynamodb.sqlite-wal', 'fauxqs.db-wal']));
    expect(readableByOthers(dataDir)).toEqual([]);
    await first.stop();
    expect(readableByOthers(dataDir)).toEqual([]);

    // The message was in the hands of a function that is gone: it must not wait out its five minutes.
    const again = tinyAssembly(
      {
        Maker: maker,
        Sender: sender,
        Consumer: 'export const handler = async ({ Records }) => console.log(JSON.stringify(Records))',
      },
      JSON.parse(JSON.stringify({ Queue: queue({ VisibilityTimeout: 300 }), Messages: queueMapping() })),
    );
    const second = await startTinyStack(again, { dataDir: openDataDir(dataDir) });
    await vi.waitFor(
      () =>
        expect(
          second
            .logs('Consumer')
            .map((line) => line.text)
            .join(),
        ).toContain('survives'),
      {
        timeout: 15_000,
        interval: 50,
      },
    );
  });

  it.each([
    [
      'a type',
      { Odd: { Type: 'AWS::Odd::Thing' } },
      /Odd: the local run does not know the resource type AWS::Odd::Thing/,
    ],
    [
      'a property',
      { Q: queue({ Colour: 'red' }) },
      /Q \(AWS::SQS::Queue\): the local run does not know its property Colour/,
    ],
    [
      'a value',
      { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: ['a'] } } },
      /Topic .*TopicName is \["a"\]/,
    ],
  ])('stops at %s that it does not know, with one clear error', async (_name, resources, message) => {
    await expect(startTinyStack(tinyAssembly({}, resources))).rejects.toThrow(message);
  });

  it('says why a custom resource failed', async () => {
    const resources = {
      Made: { Type: 'Custom::Made', Properties: { ServiceToken: { 'Fn::GetAtt': ['Maker', 'Arn'] } } },
    };
    const assembly = tinyAssembly(
      { Maker: 'export const handler = async () => { throw new Error("no luck"); }' },
      resources,
    );
    await expect(startTinyStack(assembly)).rejects.toThrow('Made (Custom::Made) failed: Error: no luck');
  });
});
