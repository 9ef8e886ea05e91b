/** The values of a condition key (lower case) in a request; undefined when the request does not have the key. */
export interface RequestContext {
  get(key: string): readonly string[] | undefined;
}

/**
 * The condition keys that the local run supplies exactly when AWS does. `evaluate` says what happens with any other key.
 */
const knownContextKeys: ReadonlySet<string> = new Set([
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
  'kms:encryptioncontextkeys',
  'secretsmanager:secretid',
  'secretsmanager:versionid',
  'secretsmanager:versionstage',
]);

// The rest of such a key is the name of an entry of the encryption context.
const encryptionContext = 'kms:encryptioncontext:';

/** @param key in lower case */
export const isKnownContextKey = (key: string): boolean =>
  knownContextKeys.has(key) || key.startsWith(encryptionContext);
