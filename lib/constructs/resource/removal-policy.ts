import { RemovalPolicy } from 'aws-cdk-lib';
import { isProduction, type Settings } from '../../settings/settings.ts';

/** What happens to data and logs when the stack is removed. */
export function removalPolicyOf(settings: Settings): RemovalPolicy {
  return isProduction(settings) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
