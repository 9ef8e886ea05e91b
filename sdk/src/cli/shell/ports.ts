import type { ProfileFile } from './profiles.ts';

/** What the command uses outside of its own memory. Tests replace it. */
export interface CliPorts {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output. */
  out(text: string): void;
  /** Writes to standard error. */
  err(text: string): void;
  /** How many characters a line of the terminal holds; undefined when standard output is not a terminal. */
  readonly columns: number | undefined;
  /** Whether standard error is a terminal, where progress can overwrite itself. */
  readonly showsProgress: boolean;
  /** The bytes of a file, or of standard input for `-`. */
  read(file: string): Promise<Uint8Array>;
  /** Asks a person; `hidden` does not show what is typed. Rejects with a `Hook0Error` when standard input is not a terminal. */
  ask(question: string, options?: { readonly hidden: boolean }): Promise<string>;
  readonly profiles: ProfileFile;
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Opens an address in a browser. @returns whether there is one */
  browse(url: string): Promise<boolean>;
  /** Serves requests on a free port of this machine. */
  serve(answer: (request: ServerRequest) => Promise<ServerAnswer>): Promise<LocalServer>;
  /** From the first call on, Ctrl-C aborts this signal in place of ending the process. A second one ends it. */
  interrupts(): AbortSignal;
}

export interface ServerRequest {
  /** With names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface ServerAnswer {
  readonly status: number;
  readonly body: string;
}

export interface LocalServer {
  readonly url: string;
  stop(): Promise<void>;
}
