import { localPolicy, strictPolicy, type TargetPolicy } from './target-url.ts';

/**
 * Where webhooks of this process may go. The local run opens loopback and plain http by a variable. On AWS, where every
 * function has a runtime API, the variable has no effect.
 */
export function targetPolicy(
  env: Readonly<Record<string, string | undefined>>,
  { allowIpv6 }: Pick<TargetPolicy, 'allowIpv6'>,
): TargetPolicy {
  const onLambda = env.AWS_LAMBDA_RUNTIME_API !== undefined;
  return env.HOOK0_LOCAL_TARGETS === 'allow' && !onLambda ? localPolicy : { ...strictPolicy, allowIpv6 };
}
