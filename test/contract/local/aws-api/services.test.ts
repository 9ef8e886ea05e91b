import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { queueArn, secretArn, startTestProxy, type TestProxy } from '#test/support/proxy.ts';

let aws: TestProxy;

beforeAll(async () => {
  aws = await startTestProxy();
});
afterAll(() => aws?.stop());

beforeEach(() => {
  aws.proxy.faults.clear();
  aws.proxy.meter.reset();
});

describe('services that the proxy emulates', () => {
  it('keeps secrets', async () => {
    const client = aws.clientsOf('Worker').secrets;
    await expect(client.send(new GetSecretValueCommand({ SecretId: secretArn }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await client.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString: 'hk0_1' }));
    const read = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    expect(read.SecretString).toBe('hk0_1');
    aws.secrets.clear();
  });

  it('carries events that a rule matches to its targets', async () => {
    const entry = (DetailType: string, Detail: string) => ({
      EventBusName: 'Bus',
      Source: 'hook0',
      DetailType,
      Detail,
    });
    const put = await aws.clientsOf('Worker').events.send(
      new PutEventsCommand({
        Entries: [
          entry('delivery.dead', '{"id":1}'),
          entry('circuit.opened', '{"id":2}'),
          entry('delivery.dead', 'no'),
        ],
      }),
    );
    expect(put.FailedEntryCount).toBe(1);
    expect(put.Entries?.[2]?.ErrorCode).toBe('MalformedDetail');
    await vi.waitFor(() =>
      expect(aws.delivered).toEqual([
        { target: 'arn:aws:sns:us-east-1:000000000000:Mail', event: { id: 1 } },
      ]),
    );
  });

  it('invokes functions and waits for their answers', async () => {
    const { lambda } = aws.clientsOf('Worker');
    const invoke = (FunctionName: string, input: object = {}) =>
      lambda.send(new InvokeCommand({ FunctionName, Payload: '{"a":1}', ...input }));

    const echo = await invoke('Echo');
    expect(echo.Payload?.transformToString()).toBe('{"heard":{"a":1}}');
    expect(echo.FunctionError).toBeUndefined();
    const byArn = await invoke('arn:aws:lambda:us-east-1:000000000000:function:Echo');
    expect(byArn.Payload?.transformToString()).toBe('{"heard":{"a":1}}');
    const broken = await invoke('Broken');
    expect(broken.FunctionError).toBe('Unhandled');
    expect(broken.Payload?.transformToString()).toContain('"errorMessage":"broken"');
    await expect(invoke('Busy')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await expect(invoke('None')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(invoke('Echo', { InvocationType: 'Event' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });

  it('invokes nothing for a caller without the permission', async () => {
    const { lambda } = aws.clientsOf('Tenant');
    await expect(
      lambda.send(new InvokeCommand({ FunctionName: 'Echo', Payload: '{}' })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('lambda:InvokeFunction'),
    });
  });

  it("hands out queue URLs on the proxy's own origin", async () => {
    const found = await aws.clientsOf('Worker').sqs.send(new GetQueueUrlCommand({ QueueName: 'work' }));
    expect(found.QueueUrl).toBe(aws.urlOf('work'));
  });

  it('returns the messages of a poll whose caller disconnected', async () => {
    await aws.createQueue('patient', { VisibilityTimeout: '600' });
    const polled = new Promise<void>((resolve) => {
      const observer = aws.proxy.faults.observe({
        before: (call) => {
          if (call.action !== 'ReceiveMessage') return;
          observer.remove();
          resolve();
        },
      });
    });
    const { sqs } = aws.clientsOf('Worker');
    const aborter = new AbortController();
    const poll = sqs.send(
      new ReceiveMessageCommand({ QueueUrl: aws.urlOf('patient'), WaitTimeSeconds: 20 }),
      {
        abortSignal: aborter.signal,
      },
    );
    await polled;
    aborter.abort();
    await expect(poll).rejects.toMatchObject({ name: 'AbortError' });
    await sqs.send(new SendMessageCommand({ QueueUrl: aws.urlOf('patient'), MessageBody: 'kept' }));
    await vi.waitFor(async () => expect(await aws.receiveAll('patient')).toEqual(['kept']), {
      timeout: 20_000,
    });
  });
});

describe('move tasks', () => {
  const finished = async (name: string) => {
    const { sqs } = aws.clientsOf('Worker');
    return vi.waitFor(async () => {
      const { Results = [] } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: queueArn(name) }));
      expect(Results[0]?.Status).not.toBe('RUNNING');
      return Results[0];
    });
  };
  const deadLetterPair = async (name: string) => {
    await aws.createQueue(`${name}-dead`);
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: queueArn(`${name}-dead`),
      maxReceiveCount: 1,
    });
    await aws.createQueue(name, { RedrivePolicy, VisibilityTimeout: '1' });
  };

  it('moves what was sent to a dead-letter queue to the queue that is named', async () => {
    await deadLetterPair('first');
    const { sqs } = aws.clientsOf('Worker');
    for (const MessageBody of ['1', '2']) {
      await sqs.send(new SendMessageCommand({ QueueUrl: aws.urlOf('first-dead'), MessageBody }));
    }
    await aws.createQueue('redrive');
    await sqs.send(
      new StartMessageMoveTaskCommand({
        SourceArn: queueArn('first-dead'),
        DestinationArn: queueArn('redrive'),
      }),
    );
    expect(await finished('first-dead')).toMatchObject({
      Status: 'COMPLETED',
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 2,
    });
    expect(await aws.receiveAll('redrive')).toEqual(['1', '2']);
  });

  it('returns redriven messages to their source, and fails on those that were sent straight', async () => {
    await deadLetterPair('second');
    const { sqs } = aws.clientsOf('Worker');
    const SourceArn = queueArn('second-dead');
    await sqs.send(new SendMessageCommand({ QueueUrl: aws.urlOf('second'), MessageBody: 'redriven' }));
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: aws.urlOf('second') }));
    // Each receive after the visibility timeout is one too many: the engine moves the message.
    await vi.waitFor(
      async () => {
        await sqs.send(new ReceiveMessageCommand({ QueueUrl: aws.urlOf('second') }));
        const start = await sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
        expect(start.TaskHandle).toBeDefined();
        expect(await finished('second-dead')).toMatchObject({ ApproximateNumberOfMessagesMoved: 1 });
      },
      { timeout: 20_000, interval: 200 },
    );
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: aws.urlOf('second') }));
    expect(Messages[0]?.Body).toBe('redriven');
    await sqs.send(
      new DeleteMessageCommand({
        QueueUrl: aws.urlOf('second'),
        ReceiptHandle: Messages[0]?.ReceiptHandle ?? '',
      }),
    );
    await sqs.send(new SendMessageCommand({ QueueUrl: aws.urlOf('second-dead'), MessageBody: 'straight' }));
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
    expect(await finished('second-dead')).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'CouldNotDetermineMessageSource',
    });
  });

  it('refuses a source that is not a dead-letter queue, and a rate above the limit', async () => {
    const { sqs } = aws.clientsOf('Worker');
    await expect(
      sqs.send(
        new StartMessageMoveTaskCommand({ SourceArn: queueArn('work'), DestinationArn: queueArn('work') }),
      ),
    ).rejects.toThrow('Dead Letter Queue');
    await expect(
      sqs.send(
        new StartMessageMoveTaskCommand({ SourceArn: queueArn('work'), MaxNumberOfMessagesPerSecond: 501 }),
      ),
    ).rejects.toThrow('between 1 and 500');
  });
});
