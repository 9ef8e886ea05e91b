import { localPolicy, strictPolicy, type TargetPolicy } from './target-url.ts';

/**
 * Where webhooks may go from this process. Loopback and plain http are for trying things on one's own machine:
 * the local run asks for them, and on AWS, where every Lambda function has a runtime API, asking changes nothing.
 */
export function targetPolicy(env: Readonly<Record<string, string | undefined>>): TargetPolicy {
  const onLambda = env.AWS_LAMBDA_RUNTIME_API !== undefined;
  return env.HOOK0_LOCAL_TARGETS === 'allow' && !onLambda ? localPolicy : strictPolicy;
}
