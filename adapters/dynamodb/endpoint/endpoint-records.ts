import { endpointPartition } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, queryPage, type RawItem } from '#adapters/dynamodb/table/config-table.ts';
import type { EndpointRecord, OutlineRecord } from '#core/endpoint/endpoint.ts';
import type { CredentialReader } from './credential-vault.ts';
import { type ConfigItem, parseConfig } from './endpoint-item.ts';
import { parseState, type StateItem } from './state-item.ts';

/** An endpoint as it stands, with the revisions that the next change needs. */
export interface StandingEndpoint {
  readonly config: ConfigItem;
  readonly state: StateItem;
}

/** One Query for both items. */
export async function readEndpoint(
  table: ConfigTable,
  endpointId: string,
  { consistent }: { readonly consistent: boolean },
): Promise<StandingEndpoint | undefined> {
  const { items } = await queryPage(table, { pk: endpointPartition(endpointId), prefix: '', consistent });
  return standingOf(items);
}

/** The endpoint from the items of its partition; undefined when one is missing, because it is being deleted. */
export function standingOf(items: readonly RawItem[]): StandingEndpoint | undefined {
  const config = items.find((item) => item.sk === 'CONFIG');
  const state = items.find((item) => item.sk === 'STATE');
  return config && state ? { config: parseConfig(config), state: parseState(state) } : undefined;
}

/** What every function may read of an endpoint. */
export const outlineOf = ({ config, state }: StandingEndpoint): OutlineRecord => ({
  endpoint: config.endpoint,
  state: state.state,
  ...(state.circuit === undefined ? {} : { circuit: state.circuit }),
  ...(state.slowUntil === undefined ? {} : { slowUntil: state.slowUntil }),
  ...(state.slots === undefined ? {} : { slots: state.slots }),
});

/** @throws CredentialsUnavailable, CredentialsDamaged */
export async function recordOf(
  standing: StandingEndpoint,
  credentials: CredentialReader,
): Promise<EndpointRecord> {
  const { endpoint, credentials: stored } = standing.config;
  return {
    ...outlineOf(standing),
    endpoint: { ...endpoint, ...(await credentials.open(endpoint, stored)) },
  };
}
