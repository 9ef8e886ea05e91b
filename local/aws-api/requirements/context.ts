import type { RequestContext } from '../../iam/context-keys.ts';
import { roleArn } from '../../template/names.ts';
import { localAccount, localRegion } from '../../template/pseudo-parameters.ts';

/** Condition keys of one service, computed when a policy asks for them. */
export type ServiceKeys = { readonly [key: string]: () => readonly string[] | undefined };

/** The condition context of a call: what AWS supplies with every request, and the service's own keys. */
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
    // The proxy speaks plain HTTP over loopback in the place of AWS's HTTPS endpoints, and the SDK would use HTTPS
    // there: policies that refuse plain HTTP (enforceSSL) see what they would see in AWS.
    case 'aws:securetransport':
      return ['true'];
    // A function's role is named after the function here.
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
    // aws:SourceArn, aws:SourceAccount: only when an AWS service calls. aws:PrincipalOrgID: only in an organization.
    default:
      return undefined;
  }
}
