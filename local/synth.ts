import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface Assembly {
  /** The folder that `cdk synth` filled. */
  readonly folder: string;
  readonly stackName: string;
}

/**
 * Settings of the local run. Each function instance is a thread here: what AWS gives in hundreds would only take
 * the two or four cores of this machine away from each other.
 */
const localContext = {
  stage: 'local',
  highConcurrency: 8,
  normalConcurrency: 12,
  lowConcurrency: 4,
  retryConcurrency: 8,
  slowConcurrency: 8,
  fanOutConcurrency: 3,
};

const app = fileURLToPath(new URL('../bin/hook0.ts', import.meta.url));

/**
 * Synthesizes the CDK app in a process of its own, as the CDK's CLI would.
 *
 * @throws Error with what the app wrote when it fails
 */
export async function synthesize(
  folder: string,
  context: Readonly<Record<string, unknown>> = {},
  signal?: AbortSignal,
): Promise<Assembly> {
  const child = spawn(process.execPath, [app], {
    ...(signal === undefined ? {} : { signal }),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...localContext, ...context }),
      // Inherited options, such as a debugger's or a test runner's, are not the app's.
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
