import { runCli } from '#sdk/src/cli/run.ts';
import { serve } from '#sdk/src/cli/server.ts';
import type { CliPorts } from '#sdk/src/cli/shell/ports.ts';
import type { ProfileFile } from '#sdk/src/cli/shell/profiles.ts';
import { Hook0Error } from '#sdk/src/errors.ts';

export interface CliSurroundings
  extends Partial<Pick<CliPorts, 'columns' | 'showsProgress' | 'now' | 'browse'>> {
  readonly env?: Readonly<Record<string, string>>;
  /** Files by name, and standard input as `-`. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** What a person answers to every question. @default - there is no terminal */
  readonly answer?: string;
  /** Ctrl-C: aborted by the test. */
  readonly interrupted?: AbortSignal;
  /** Is called with everything that is printed, in time. */
  readonly onOutput?: (text: string) => void;
  /** @default - no profile is saved */
  readonly profiles?: ProfileFile;
}

/** A file with profiles that nothing else sees. */
export function memoryProfiles(text?: string): ProfileFile {
  let saved = text;
  return {
    path: 'profiles.json',
    read: () => saved,
    write: (changed) => {
      saved = changed;
    },
  };
}

/** Runs the command in this process and collects what it prints. */
export async function runHook0(args: readonly string[], around: CliSurroundings = {}) {
  const printed = { out: '', err: '' };
  const code = await runCli(
    args,
    testPorts(around, (where, text) => {
      printed[where] += text;
      around.onOutput?.(text);
    }),
  );
  return { code, ...printed };
}

/** What the command uses outside of its memory, with a real server and a short sleep. */
export function testPorts(
  around: CliSurroundings,
  print: (where: 'out' | 'err', text: string) => void,
): CliPorts {
  const { files = {}, answer } = around;
  return {
    env: around.env ?? {},
    columns: around.columns,
    showsProgress: around.showsProgress ?? false,
    now: around.now ?? Date.now,
    out: (text) => print('out', text),
    err: (text) => print('err', text),
    read: async (file) => {
      const content = files[file];
      if (content === undefined) throw new Hook0Error(`${file}: no such file`);
      return typeof content === 'string' ? new TextEncoder().encode(content) : content;
    },
    ask: async (question) => {
      if (answer === undefined) throw new Hook0Error(`there is no terminal to ask: ${question}`);
      return answer;
    },
    profiles: around.profiles ?? memoryProfiles(),
    serve,
    browse: around.browse ?? (async () => false),
    sleep: (_, signal) => new Promise((resolve) => (signal.aborted ? resolve() : setTimeout(resolve, 10))),
    interrupts: () => around.interrupted ?? new AbortController().signal,
  };
}
