import { setTimeout as sleep } from 'node:timers/promises';
import {
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { type StoreError, VersionConflict } from '#core/problem/store-errors.ts';
import type { ConfigTable } from './config-table.ts';
import { type Step, toTransactItem } from './step.ts';

/** What one look at the table led to: nothing to write, or a transaction to try. */
export type Plan<T> =
  | { readonly kind: 'done'; readonly result: T }
  | { readonly kind: 'write'; readonly steps: readonly Step[]; readonly result: T };

/**
 * Reads, decides and writes in one transaction, again from the reading on when another writer came between.
 *
 * @param subject - what is being changed, for the error's text.
 * @throws StoreError a step's refusal, when its condition failed.
 * @throws VersionConflict after 20 s of conflicts.
 */
export async function commit<T>(
  table: ConfigTable,
  subject: string,
  plan: () => Promise<Plan<T>>,
): Promise<T> {
  return retryConflicts(table, subject, async () => {
    const planned = await plan();
    if (planned.kind === 'done') return planned.result;
    try {
      await table.client.send(
        new TransactWriteItemsCommand({
          TransactItems: planned.steps.map((step) => toTransactItem(step, table.tableName)),
        }),
      );
    } catch (error) {
      throw refusalOf(error, planned.steps) ?? error;
    }
    return planned.result;
  });
}

// Still an answer within API Gateway's 30 s.
const patience = 20_000;
const shortestWindow = 20;
const longestWindow = 200;
const narrowing = 20;

/**
 * Calls `attempt` again, after full jitter, while it fails by conflicts with other writers.
 *
 * Of writers that meet, one always gets through. So the waits need not grow; they shrink, that whoever has waited
 * longest comes first and none of a crowd starves.
 */
export async function retryConflicts<T>(
  { now, random }: Pick<ConfigTable, 'now' | 'random'>,
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

function refusalOf(error: unknown, steps: readonly Step[]): StoreError | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const refused = failedCodes(error).findIndex(
    (code, index) => code === 'ConditionalCheckFailed' && steps[index]?.refusal !== undefined,
  );
  return steps[refused]?.refusal?.();
}

const failedCodes = (error: TransactionCanceledException): (string | undefined)[] =>
  (error.CancellationReasons ?? []).map(({ Code }) => (Code === 'None' ? undefined : Code));
