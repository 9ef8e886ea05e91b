import type { WebAbortSignal } from '../runtime-types.ts';

/** The side effects of the client besides `fetch`. Tests replace them. */
export interface Ports {
  /** Epoch milliseconds. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. */
  sleep(milliseconds: number, signal: WebAbortSignal | undefined): Promise<void>;
  newKey(): string;
  /** The environment variables, where the runtime has them. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export const runtimePorts = (): Ports => ({
  now: Date.now,
  random: Math.random,
  sleep,
  newKey: () => crypto.randomUUID(),
  env: globalThis.process?.env ?? {},
});

function sleep(milliseconds: number, signal: WebAbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal?.addEventListener('abort', finish);
    if (signal?.aborted) finish();
  });
}
