import type { RequestContext } from '../../iam/context-keys.ts';
import { roleArn } from '../../template/names.ts';
import { localAccount, localRegion } from '../../template/pseudo-parameters.ts';

/** Condition keys of one service. A value is computed when a policy needs it. */
export type ServiceKeys = { readonly [key: string]: () => readonly string[] | undefined };

/** The condition context of a call: the keys that AWS supplies with every request, and those of the service. */
export function requestContext(principal: string, serviceKeys: ServiceKeys): RequestContext {
  return {
    get: (key) => {
      const own = serviceKeys[key];
      return own === undefined ? globalKey(key, principal) : own();
    },
  };
}

function globalKey(key: string, principal: string): readonly string[] | undefined {
  switch (key) {
    // The proxy replaces AWS's HTTPS endpoints, so policies that refuse plain HTTP (enforceSSL) see HTTPS.
    case 'aws:securetransport':
      return ['true'];
    case 'aws:principalarn':
      return [roleArn(principal)];
    case 'aws:principalaccount':
    case 'aws:resourceaccount':
      return [localAccount];
    case 'aws:principaltype':
      return ['AssumedRole'];
    case 'aws:principalisawsservice':
    case 'aws:viaawsservice':
      return ['false'];
    case 'aws:requestedregion':
      return [localRegion];
    case 'aws:currenttime':
      return [new Date().toISOString()];
    case 'aws:epochtime':
      return [String(Math.floor(Date.now() / 1000))];
    // AWS supplies aws:SourceArn and aws:SourceAccount only when a service calls, aws:PrincipalOrgID only in an
    // organization.
    default:
      return undefined;
  }
}
