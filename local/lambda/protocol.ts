/** What a function's thread receives at its start. Later, events and results are sent as JSON text, as on AWS. */
export interface InstanceData {
  /** Absolute path of the module that exports the handler. */
  readonly module: string;
  /** Name of the export, e.g. `handler`. */
  readonly handler: string;
  /** See `FunctionClock`. @default - this machine's clock */
  readonly clock?: SharedArrayBuffer | undefined;
}

export interface InvokeMessage {
  readonly requestId: string;
  readonly payload: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly functionArn: string;
}

export type InstanceMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-failed'; readonly error: FunctionError }
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: FunctionError };

/** The result of a failed invocation, in Lambda's form. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export function functionError(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: error.stack?.split('\n') ?? [],
  };
}
