import type { FunctionClock } from './clock.ts';
import type { FunctionError } from './protocol.ts';

export interface FunctionSettings {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** Absolute path of the module that exports the handler. */
  readonly module: string;
  readonly handler: string;
  /** The whole process.env of the function. */
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  /** Further invocations are throttled, as on AWS. @default - no reserved concurrency */
  readonly reservedConcurrency?: number | undefined;
  /** @default - this machine's */
  readonly clock?: FunctionClock | undefined;
}

export type InvocationResult =
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: FunctionError }
  | { readonly kind: 'throttled' };
