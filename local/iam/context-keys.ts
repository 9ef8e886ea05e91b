/** The values a request has for a condition key (lower case); undefined when it has none. */
export interface RequestContext {
  get(key: string): readonly string[] | undefined;
}

/**
 * The condition keys that the local run supplies where AWS would, and leaves out where AWS would.
 * Any other key is one whose presence cannot be judged here: see `evaluate` for what that means.
 */
export const knownContextKeys: ReadonlySet<string> = new Set([
  'aws:currenttime',
  'aws:epochtime',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalorgid',
  'aws:principaltype',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:viaawsservice',
  'dynamodb:attributes',
  'dynamodb:enclosingoperation',
  'dynamodb:fulltablescan',
  'dynamodb:leadingkeys',
  'dynamodb:returnconsumedcapacity',
  'dynamodb:returnvalues',
  'dynamodb:select',
  'events:detail-type',
  'events:source',
  'secretsmanager:secretid',
  'secretsmanager:versionid',
  'secretsmanager:versionstage',
]);
