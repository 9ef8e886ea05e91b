import { breaking } from './mutation.ts';

export const secretsSecret = breaking('9: secrets stay secret', [
  {
    breaks: 'the API shows the credentials of endpoints',
    symbol: 'endpointView',
    from: 'maskHeaders(endpoint.headers)',
    to: 'endpoint.headers',
    test: 'promise 9: secrets stay secret',
  },
  {
    breaks: 'cookies that receivers set are stored',
    symbol: 'http.toResult',
    from: 'maskHeaders(result.headers)',
    to: 'result.headers',
    test: 'promise 9: secrets stay secret',
  },
  {
    breaks: 'tokens are stored in clear text',
    symbol: 'hashToken',
    from: "createHash('sha256').update(text).digest('hex')",
    to: 'text',
    test: 'promise 9: secrets stay secret',
  },
  {
    breaks: 'an error repeats the secret that it rejects',
    symbol: 'validate.describe',
    from: "typeof value === 'number' ? 'a number' : describeValue(value)",
    to: 'describeValue(value)',
    test: 'POST /api/endpoints/{id}/rotate-secret > does not repeat a secret that is a number',
  },
  {
    breaks: 'a portal has the stored credentials sent to another server',
    symbol: 'endpointRoutes',
    from: '!mayReadSecrets(caller.token)',
    to: 'caller.token.capabilities?.length === 0',
    test: 'a portal token > that may not read secrets > does not send the stored credentials to another URL',
  },
  {
    breaks: 'a portal that may not rotate the signing secret sets another one',
    symbol: 'endpointRoutes',
    from: 'givesSecret(body)',
    to: 'givesSecret(request)',
    test: 'a portal token > that may not read secrets > sets the signing secret of a new endpoint, and cannot change it',
  },
  {
    breaks: 'a portal that may change endpoints rotates their signing secrets',
    symbol: 'endpointSecretRoutes',
    from: "'/api/endpoints/{endpointId}/rotate-secret', scope: 'manage', capability: 'secrets:read'",
    to: "'/api/endpoints/{endpointId}/rotate-secret', scope: 'manage', capability: 'endpoints:write'",
    test: 'the table > shows and changes signing secrets only with secrets:read',
  },
  {
    breaks: 'a receiver that echoes its requests shows the credentials of its endpoint',
    symbol: 'sendSigned',
    from: 'maskAnswer(await ports.send(request), endpoint.headers, secrets)',
    to: 'ports.send(request) || maskAnswer',
    test: 'testing an endpoint > shows no credential of the endpoint that the receiver echoes',
  },
  {
    breaks: 'credentials can be copied from one endpoint to another',
    symbol: 'placeOf',
    from: 'keyText(endpointConfigKey(id))',
    to: "'CONFIG'",
    test: 'encrypted credentials that were copied > to another endpoint of the application are refused',
  },
  {
    breaks: 'a key that was unwrapped for one application serves another',
    symbol: 'createDataKeys',
    from: 'remember(applicationId, wrapped, async () => { const command = new DecryptCommand',
    to: "remember('', wrapped, async () => { const command = new DecryptCommand",
    test: 'data keys > are not taken from memory for another application',
  },
  {
    breaks: 'deliver takes a key service that is down for a broken message',
    symbol: 'deliverOrWait',
    from: 'error instanceof CredentialsUnavailable',
    to: 'error instanceof TypeError',
    test: 'while credentials cannot be read > for 48 hours, a delivery waits without an attempt',
  },
  {
    breaks: 'switching encryption off deletes the key of what is encrypted',
    symbol: 'createRewriteCredentials',
    from: "mode === 'off'",
    to: "mode === 'on'",
    test: 'a sweep of credentials > refuses to switch off while some are encrypted',
  },
  {
    breaks: 'a token that may only read sees the credential in a URL',
    symbol: 'endpointView',
    from: 'showsUrl ? endpoint.url : maskUrl(endpoint.url)',
    to: 'endpoint.url',
    test: 'a secret in the URL of an endpoint > is not shown to a token with the scope read',
  },
  {
    breaks: 'credentials that a receiver encoded are shown',
    symbol: 'hiddenOf',
    from: 'values.flatMap(partsOf).flatMap(writingsOf)',
    to: 'values.flatMap(partsOf)',
    test: 'an answer that echoes its request > shows none that it wrote in base64',
  },
]);

export const sameAsDeployed = breaking('10: what runs here is what deploys', [
  {
    breaks: 'functions of the local run may do what their policies deny',
    symbol: 'pipeline.respond',
    from: 'if (refusal !== undefined) return refuse(refusal);',
    to: '',
    test: 'taking one grant away > from Hook0Ingest: dynamodb:PutItem is denied',
  },
]);
