import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '../../aws-protocol/answer.ts';
import type { ActionHandler, LocalService } from '../../aws-protocol/service.ts';
import { asObject, asText, type JsonObject } from '../../json/json.ts';
import { describeTask, type MoveTask, taskHandle } from './move-task.ts';
import type { QueueEngine, RedriveSource } from './queue-engine.ts';

/** AWS's highest MaxNumberOfMessagesPerSecond, which is also the default. */
const highestRate = 500;
const highestListing = 10;

/**
 * Adds SQS's message move tasks to an engine without them.
 *
 * A task moves as many messages as were visible at its start. Without a destination each message returns to its source.
 * The engine does not store the source, so there must be exactly one, and a message with fewer receives than the source's
 * redrive policy demands was sent here directly. The task then fails with CouldNotDetermineMessageSource, as on AWS.
 */
export function moveTasks(queues: QueueEngine): { readonly actions: LocalService; settled(): Promise<void> } {
  const tasks: MoveTask[] = [];
  const running = new Set<Promise<void>>();
  const isActive = (task: MoveTask) => task.status === 'RUNNING' || task.status === 'CANCELLING';

  const start = async (input: JsonObject) => {
    const sourceArn = asText(input.SourceArn) ?? '';
    const destinationArn = asText(input.DestinationArn);
    const rate = input.MaxNumberOfMessagesPerSecond;
    if (rate !== undefined && !(typeof rate === 'number' && rate >= 1 && rate <= highestRate)) {
      throw invalid(
        `Value ${rate} for parameter MaxNumberOfMessagesPerSecond must be between 1 and ${highestRate}.`,
      );
    }
    for (const arn of [sourceArn, ...(destinationArn === undefined ? [] : [destinationArn])]) {
      if (!(await queues.exists(arn)))
        throw notFound(`The resource that you specified doesn't exist: ${arn}`);
    }
    const sources = await queues.redriveSources(sourceArn);
    if (sources.length === 0) throw invalid('Source queue must be configured as a Dead Letter Queue.');
    const toMove = await queues.visibleMessages(sourceArn);
    if (tasks.some((task) => task.sourceArn === sourceArn && isActive(task))) {
      throw unsupported(
        'There is already a task running. Only one active task is allowed for a source queue arn.',
      );
    }
    const task: MoveTask = {
      handle: taskHandle(randomUUID(), sourceArn),
      sourceArn,
      destinationArn,
      messagesPerSecond: typeof rate === 'number' ? rate : undefined,
      startedAt: Date.now(),
      status: 'RUNNING',
      moved: 0,
      toMove,
      failureReason: undefined,
    };
    tasks.push(task);
    const run = move(task, sources, queues)
      .catch((error: unknown) => fail(task, String(error)))
      .finally(() => running.delete(run));
    running.add(run);
    return { TaskHandle: task.handle };
  };

  const list = (input: JsonObject) => {
    const limit = Math.min(highestListing, typeof input.MaxResults === 'number' ? input.MaxResults : 1);
    const own = tasks.filter((task) => task.sourceArn === input.SourceArn);
    return { Results: own.toReversed().slice(0, limit).map(describeTask) };
  };

  const cancel = (input: JsonObject) => {
    const task = tasks.find((candidate) => candidate.handle === input.TaskHandle);
    if (task === undefined) throw notFound("The resource that you specified doesn't exist: TaskHandle");
    if (task.status !== 'RUNNING') throw unsupported('Only active tasks can be cancelled.');
    task.status = 'CANCELLING';
    return { ApproximateNumberOfMessagesMoved: task.moved };
  };

  return {
    actions: new Map<string, ActionHandler>([
      ['StartMessageMoveTask', start],
      ['ListMessageMoveTasks', list],
      ['CancelMessageMoveTask', cancel],
    ]),
    settled: async () => {
      for (const task of tasks) if (task.status === 'RUNNING') task.status = 'CANCELLING';
      await Promise.all(running);
    },
  };
}

async function move(task: MoveTask, sources: readonly RedriveSource[], queues: QueueEngine): Promise<void> {
  while (task.status === 'RUNNING' && task.moved < task.toMove) {
    const messages = await queues.receive(task.sourceArn);
    if (messages.length === 0) break;
    const destination = task.destinationArn ?? originOf(messages, sources);
    if (destination === undefined) {
      await queues.release(task.sourceArn, messages);
      fail(task, 'CouldNotDetermineMessageSource');
      return;
    }
    await queues.send(destination, messages);
    await queues.remove(task.sourceArn, messages);
    task.moved += messages.length;
    await sleep((messages.length / (task.messagesPerSecond ?? highestRate)) * 1000);
  }
  // A cancellation may have come while the loop waited.
  task.status = isCancelling(task) ? 'CANCELLED' : 'COMPLETED';
}

function isCancelling(task: MoveTask): boolean {
  return task.status === 'CANCELLING';
}

function originOf(messages: readonly JsonObject[], sources: readonly RedriveSource[]): string | undefined {
  const [source, ...others] = sources;
  if (source === undefined || others.length > 0) return undefined;
  const cameByRedrive = messages.every((message) => {
    const attributes = asObject(message.Attributes);
    return Number(attributes.ApproximateReceiveCount) > source.maxReceiveCount;
  });
  return cameByRedrive ? source.arn : undefined;
}

function fail(task: MoveTask, reason: string): void {
  task.status = 'FAILED';
  task.failureReason = reason;
}

const invalid = (message: string) =>
  new ServiceError(400, 'com.amazonaws.sqs#InvalidParameterValueException', message);
const notFound = (message: string) =>
  new ServiceError(404, 'com.amazonaws.sqs#ResourceNotFoundException', message);
const unsupported = (message: string) =>
  new ServiceError(400, 'com.amazonaws.sqs#UnsupportedOperation', message);
