import { RemovalPolicy } from 'aws-cdk-lib';
import { isProduction, type Settings } from '../../settings/settings.ts';

/**
 * What happens to queues, keys, secrets and logs when the stack is removed. A first deployment that fails removes what it
 * created, so that it can be repeated without leaving them behind.
 */
export function removalPolicyOf(settings: Settings): RemovalPolicy {
  return isProduction(settings) ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
}
