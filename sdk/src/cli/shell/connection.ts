import type { CliPorts } from './ports.ts';

export interface ConnectionOptions {
  readonly apiUrl?: string | undefined;
  readonly apiToken?: string | undefined;
  readonly application?: string | undefined;
}

/** Where requests go, and with which token. */
export interface Connection {
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly application: string | undefined;
}

/** The options of the command line count more than the environment. */
export function connectionOf(options: ConnectionOptions, { env }: Pick<CliPorts, 'env'>): Connection {
  return {
    url: options.apiUrl ?? env.HOOK0_URL,
    token: options.apiToken ?? env.HOOK0_TOKEN,
    application: options.application,
  };
}
