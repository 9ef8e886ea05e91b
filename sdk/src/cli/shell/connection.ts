import { UsageError } from './errors.ts';
import type { CliPorts } from './ports.ts';
import { type Profile, profileNamed, savedProfiles } from './profiles.ts';

export interface ConnectionOptions {
  readonly profile?: string | undefined;
  readonly apiUrl?: string | undefined;
  readonly apiToken?: string | undefined;
  readonly application?: string | undefined;
}

/** Where requests go, and with which token. */
export interface Connection {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly application: string | undefined;
  /** Where the token comes from, for a person. */
  readonly source: string;
}

/**
 * `--api-url` and `--api-token` count most, then `--profile`, then the environment, then the current profile. The token of
 * a profile is never sent to another address.
 *
 * @throws UsageError for an unknown profile, and for an address that would get the token of another one
 */
export function connectionOf(
  options: ConnectionOptions,
  { env, profiles }: Pick<CliPorts, 'env' | 'profiles'>,
): Connection {
  const { apiUrl, apiToken, application } = options;
  if (apiUrl !== undefined && apiToken !== undefined && options.profile === undefined) {
    return { url: apiUrl, token: apiToken, application, source: '--api-token' };
  }
  const isEnvironment = options.profile === undefined && Boolean(env.HOOK0_URL || env.HOOK0_TOKEN);
  if (isEnvironment) {
    return {
      url: apiUrl ?? (env.HOOK0_URL || undefined),
      token: apiToken ?? (env.HOOK0_TOKEN || undefined),
      application,
      source: apiToken === undefined ? 'HOOK0_TOKEN' : '--api-token',
    };
  }
  const saved = savedProfiles(profiles);
  const name = options.profile ?? saved.current;
  if (name === undefined) return { url: apiUrl, token: apiToken, application, source: '--api-token' };
  const profile = profileNamed(name, saved);
  checkAddress(profile, name, options);
  return {
    url: apiUrl ?? profile.url,
    token: apiToken ?? profile.token,
    application: application ?? profile.application,
    source: apiToken === undefined ? `the profile ${name}` : '--api-token',
  };
}

function checkAddress({ url }: Profile, name: string, { apiUrl, apiToken }: ConnectionOptions): void {
  if (apiUrl === undefined || apiUrl === url || apiToken !== undefined) return;
  throw new UsageError(
    `the token of the profile ${name} is for ${url}, and --api-url is ${apiUrl}: give --api-token as well`,
  );
}
