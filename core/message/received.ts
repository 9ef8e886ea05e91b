/** A message as a queue delivered it. */
export interface ReceivedMessage {
  readonly body: string;
  readonly receiptHandle: string;
  /** How often the message was received, this time included. */
  readonly receiveCount: number;
  /** The fairness group, if the message has one. */
  readonly groupId?: string;
}

/** What to do with the message: delete it, or leave it in the queue until its visibility timeout ends. */
export type Handled = 'done' | 'keep';
