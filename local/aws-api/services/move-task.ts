/** A message move task, with what ListMessageMoveTasks answers. */
export interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  readonly destinationArn: string | undefined;
  readonly messagesPerSecond: number | undefined;
  readonly startedAt: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  moved: number;
  toMove: number;
  failureReason: string | undefined;
}

/** A handle contains the source queue, because the authorisation of CancelMessageMoveTask needs it. */
export function taskHandle(taskId: string, sourceArn: string): string {
  return Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64');
}

/** The source queue's ARN in a handle; undefined for another text. */
export function sourceOfTask(handle: string): string | undefined {
  return /"sourceArn":"([^"]+)"/.exec(Buffer.from(handle, 'base64').toString())?.[1];
}

export function describeTask(task: MoveTask) {
  return {
    // AWS shows only the handle of a running task, because no other task can be cancelled.
    ...(task.status === 'RUNNING' ? { TaskHandle: task.handle } : {}),
    Status: task.status,
    SourceArn: task.sourceArn,
    DestinationArn: task.destinationArn,
    MaxNumberOfMessagesPerSecond: task.messagesPerSecond,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    FailureReason: task.failureReason,
    StartedTimestamp: task.startedAt,
  };
}
