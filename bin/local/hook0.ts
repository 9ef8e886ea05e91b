import { fileURLToPath } from 'node:url';
import { isDebugged } from '#local/lambda/debugger.ts';
import { type Stack, type StackOptions, startStack } from '#local/run/stack.ts';
import { type Assembly, synthesize } from '#local/run/synthesize.ts';

/** The stack output that names the secret with the first admin token. */
const adminTokenOutput = 'AdminTokenSecretArn';

/**
 * Settings for one machine. Each function instance is a thread here: the hundreds that AWS runs would only take the
 * cores of this machine away from each other.
 */
const localSettings = {
  stage: 'local',
  highConcurrency: 8,
  normalConcurrency: 12,
  lowConcurrency: 4,
  retryConcurrency: 8,
  slowConcurrency: 8,
  fanOutConcurrency: 3,
};

const app = fileURLToPath(new URL('../hook0.ts', import.meta.url));

/**
 * Synthesizes Hook0 into a folder; under a debugger, with bundles that breakpoints in the sources apply to.
 *
 * @param settings on top of the local ones
 */
export const synthesizeHook0 = (
  folder: string,
  settings: Readonly<Record<string, unknown>> = {},
  signal?: AbortSignal,
): Promise<Assembly> =>
  synthesize(app, {
    folder,
    context: { ...localSettings, ...settings },
    environment: isDebugged() ? { HOOK0_DEBUG_BUNDLES: '1' } : {},
    signal,
  });

export interface LocalHook0Options
  extends Omit<StackOptions, 'assembly' | 'dynamodbEndpoint' | 'extraEnvironment' | 'secrets'> {
  /** The first admin token. @default - the bootstrap function makes one */
  readonly adminToken?: string | undefined;
  /** Refuses targets on private and loopback addresses, as on AWS. @default false */
  readonly strictTargets?: boolean;
}

export interface LocalHook0 extends Stack {
  readonly adminToken: string;
}

/** Runs a synthesized Hook0 on this machine, on the DynamoDB that `DYNAMODB_ENDPOINT` names if it is set. */
export async function startHook0(
  assembly: Assembly,
  { adminToken, strictTargets = false, ...options }: LocalHook0Options,
): Promise<LocalHook0> {
  const stack = await startStack({
    ...options,
    assembly,
    dynamodbEndpoint: process.env.DYNAMODB_ENDPOINT,
    extraEnvironment: strictTargets ? {} : { HOOK0_LOCAL_TARGETS: 'allow' },
    secrets: adminToken === undefined ? {} : { [adminTokenOutput]: adminToken },
  });
  return { ...stack, adminToken: stack.secret(adminTokenOutput) };
}
