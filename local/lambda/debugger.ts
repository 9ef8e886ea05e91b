import { url } from 'node:inspector';

/** Whether a debugger can stop the functions: this process was started with `--inspect`, or by an editor. */
export const isDebugged = (): boolean => url() !== undefined;

/** Node's longest timer. */
const longestMs = 2 ** 31 - 1;

/** How long something may take. A function that stands at a breakpoint may take as long as its reader. */
export const timeLimitMs = (declaredMs: number): number => (isDebugged() ? longestMs : declaredMs);
