import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { VersionConflict } from '#core/problem/store-errors.ts';
import type { Table } from './table.ts';

// Still an answer within API Gateway's 30 s.
const patience = 20_000;
const shortestWindow = 20;
const longestWindow = 200;
const narrowing = 20;

/**
 * Calls `attempt` again, after full jitter, while it fails by conflicts with other writers.
 *
 * One of the conflicting writers always succeeds, so the pauses need not grow. They shrink, so that the longest waiter
 * goes first and no writer starves.
 *
 * @param subject what is being changed, for the error's text
 * @throws VersionConflict after 20 s of conflicts
 */
export async function retryConflicts<T>(
  { now, random = Math.random }: Pick<Table, 'now' | 'random'>,
  subject: string,
  attempt: () => Promise<T>,
): Promise<T> {
  const end = now() + patience;
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (now() >= end) {
        throw new VersionConflict(`${subject} kept changing during ${tried} tries; try again`, {
          cause: error,
        });
      }
    }
    await sleep(random() * Math.max(shortestWindow, longestWindow - narrowing * tried));
  }
}

// Capacity is among them because the SDK retries throttled requests but not throttled transactions.
const conflictCodes = [
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ProvisionedThroughputExceeded',
  'ThrottlingError',
];

function isConflict(error: unknown): boolean {
  if (error instanceof TransactionConflictException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = failedCodes(error).filter((code) => code !== undefined);
  return codes.length > 0 && codes.every((code) => conflictCodes.includes(code));
}

/** Why each step of a transaction failed, undefined for those that did not. */
export const failedCodes = (error: TransactionCanceledException): (string | undefined)[] =>
  (error.CancellationReasons ?? []).map(({ Code }) => (Code === 'None' ? undefined : Code));
