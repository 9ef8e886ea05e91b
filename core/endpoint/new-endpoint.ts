import type { Endpoint } from './endpoint.ts';
import type { CostedInput } from './endpoint-input.ts';

/** @param made - values that the caller does not choose. `secret` is used if the input has none. Times are epoch ms. */
export function newEndpoint(
  input: CostedInput,
  made: {
    readonly id: string;
    readonly applicationId: string;
    readonly secret: string;
    readonly now: number;
  },
): Endpoint {
  return {
    id: made.id,
    applicationId: made.applicationId,
    ...configured(input),
    secrets: [{ value: input.security.secret ?? made.secret, createdAt: made.now }],
    createdAt: made.now,
    updatedAt: made.now,
  };
}

/** The endpoint with another configuration. A secret in the input replaces all secrets at once. */
export function reconfigured(endpoint: Endpoint, input: CostedInput, now: number): Endpoint {
  const { id, applicationId, createdAt } = endpoint;
  const { secret } = input.security;
  const secrets = secret === undefined ? endpoint.secrets : [{ value: secret, createdAt: now }];
  return { id, applicationId, ...configured(input), secrets, createdAt, updatedAt: now };
}

/**
 * The endpoint with another secret in place of all others, if it now points at another host. For a change by a caller who
 * may not read the secret: the owner of the new host must not learn what the old secret signs.
 *
 * @param before - the endpoint before the change
 */
export function withNewSecretForNewHost(
  before: Endpoint,
  after: Endpoint,
  secret: string,
  now: number,
): Endpoint {
  const isSameHost = new URL(before.url).host === new URL(after.url).host;
  return isSameHost ? after : { ...after, secrets: [{ value: secret, createdAt: now }] };
}

/** The current secret; a previous one has an end. */
export function currentSecret({ secrets }: Endpoint): string | undefined {
  return (secrets.find(({ expiresAt }) => expiresAt === undefined) ?? secrets[0])?.value;
}

type Configured = Omit<Endpoint, 'id' | 'applicationId' | 'secrets' | 'createdAt' | 'updatedAt'>;

function configured({
  security,
  retryConfig,
  rateLimit,
  filters,
  filterCost,
  ...rest
}: CostedInput): Configured {
  return {
    ...rest,
    retryConfig: retryConfig === 'standard' ? retryConfig : withoutUndefined(retryConfig),
    signatureHeader: security.signatureHeader,
    ...(security.signatureScheme === 'standard' ? {} : { signatureScheme: security.signatureScheme }),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(filters === undefined ? {} : { filters }),
    ...(filterCost === undefined ? {} : { filterCost }),
  };
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
