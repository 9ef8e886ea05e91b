import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';

export interface Assembly {
  /** The folder that `cdk synth` filled. */
  readonly folder: string;
  readonly stackName: string;
}

export interface SynthesisOptions {
  /** Where the assembly is written. */
  readonly folder: string;
  /** The CDK context, by name. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the synthesis. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Synthesizes a CDK app in a separate process, as the CDK's CLI does.
 *
 * @param app the program that synthesizes one stack
 * @throws Error with what the app wrote when it fails
 */
export async function synthesize(
  app: string,
  { folder, context, environment, signal }: SynthesisOptions,
): Promise<Assembly> {
  const child = spawn(process.execPath, [app], {
    signal,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...environment,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify(context),
      // The options of a debugger or a test runner are not for the app.
      NODE_OPTIONS: '',
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-4000);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0) throw new Error(`the CDK app failed: ${output.trim()}`);
  const [stack, ...others] = (await readdir(folder)).filter((file) => file.endsWith('.template.json'));
  if (stack === undefined || others.length > 0) {
    throw new Error(
      `the CDK app wrote ${others.length + (stack === undefined ? 0 : 1)} stacks to ${folder}, expected one`,
    );
  }
  return { folder, stackName: stack.replace(/\.template\.json$/, '') };
}
