import { TransactionCanceledException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { StoreError } from '#core/problem/store-errors.ts';
import type { ConfigTable } from './config-table.ts';
import { failedCodes, retryConflicts } from './conflicts.ts';
import { type Step, toTransactItem } from './step.ts';

/** The result of one read of the table: nothing to write, or a transaction to try. */
export type Plan<T> =
  | { readonly kind: 'done'; readonly result: T }
  | { readonly kind: 'write'; readonly steps: readonly Step[]; readonly result: T };

/**
 * Reads, decides and writes in one transaction. When another writer came between, it starts again with the read:
 *
 *     writer A   read v=7 ─────────────── write v=8 if v=7 ✓
 *     writer B       read v=7 ───────────────────── write v=8 if v=7 ✗: read v=8, decide, write v=9 if v=8
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

function refusalOf(error: unknown, steps: readonly Step[]): StoreError | undefined {
  if (!(error instanceof TransactionCanceledException)) return undefined;
  const refused = failedCodes(error).findIndex(
    (code, index) => code === 'ConditionalCheckFailed' && steps[index]?.refusal !== undefined,
  );
  return steps[refused]?.refusal?.();
}
