import { shardOf } from '#core/delivery/attention.ts';
import { allApplications } from '#core/token/token.ts';
import type { Key } from './table.ts';

// Where everything lies in the ConfigTable. Frozen: data of running deployments stands under these keys.

export const versionCopies = 8;
export const attentionPartitions = 16;

export const prefixes = {
  application: 'APPLICATION#',
  endpoint: 'ENDPOINT#',
  token: 'TOKEN#',
  eventType: 'EVENTTYPE#',
  change: 'CHANGE#',
  routesPiece: 'ROUTES#',
} as const;

export const applicationPartition = (applicationId: string): string => `APP#${applicationId}`;

/**
 * What belongs to no application: the list of the applications and the operators' tokens. One partition is
 * enough, for it is written when an application or operator's token comes or goes and read by lists alone.
 */
export const operatorPartition = applicationPartition(allApplications);

export const applicationKey = (applicationId: string): Key => ({
  pk: applicationPartition(applicationId),
  sk: 'META',
});

/** How many tests of endpoints an application has made lately. */
export const applicationTestsKey = (applicationId: string): Key => ({
  pk: applicationPartition(applicationId),
  sk: 'TESTS',
});

export const applicationListKey = (applicationId: string): Key => ({
  pk: operatorPartition,
  sk: prefixes.application + applicationId,
});

export const versionKey = (applicationId: string, copy: number): Key => ({
  pk: `VERSION#${applicationId}#${copy}`,
  sk: 'VERSION',
});

export const versionKeys = (applicationId: string): Key[] =>
  Array.from({ length: versionCopies }, (_, copy) => versionKey(applicationId, copy));

// Sixteen digits hold every safe integer, so that the order of the texts is the order of the versions.
const versionText = (version: number): string => String(version).padStart(16, '0');

export const changeKey = (applicationId: string, version: number): Key => ({
  pk: applicationPartition(applicationId),
  sk: prefixes.change + versionText(version),
});

export const routesKey = (applicationId: string): Key => ({
  pk: applicationPartition(applicationId),
  sk: 'ROUTES',
});

export const routesPieceKey = (applicationId: string, version: number, piece: number): Key => ({
  pk: applicationPartition(applicationId),
  sk: `${prefixes.routesPiece}${versionText(version)}#${String(piece).padStart(3, '0')}`,
});

export const listedEndpointKey = (applicationId: string, endpointId: string): Key => ({
  pk: applicationPartition(applicationId),
  sk: prefixes.endpoint + endpointId,
});

/** All that a deliver function may touch: an endpoint's configuration and its state. */
export const endpointPartition = (endpointId: string): string => `ENDPOINT#${endpointId}`;

export const endpointConfigKey = (endpointId: string): Key => ({
  pk: endpointPartition(endpointId),
  sk: 'CONFIG',
});

export const endpointStateKey = (endpointId: string): Key => ({
  pk: endpointPartition(endpointId),
  sk: 'STATE',
});

export const eventTypeKey = (applicationId: string, name: string): Key => ({
  pk: applicationPartition(applicationId),
  sk: prefixes.eventType + name,
});

export const tokenKey = (hash: string): Key => ({ pk: `TOKEN#${hash}`, sk: 'TOKEN' });

/** @param owner - an application's id, or `*`. */
export const listedTokenKey = (owner: string, tokenId: string): Key => ({
  pk: applicationPartition(owner),
  sk: prefixes.token + tokenId,
});

export const attentionPartition = (partition: number): string => `ATTENTION#${partition}`;

export const routesAttentionKey = (applicationId: string): Key => ({
  pk: attentionPartition(shardOf(applicationId, attentionPartitions)),
  sk: `ROUTES#${applicationId}`,
});

export const purgeAttentionKey = (applicationId: string): Key => ({
  pk: attentionPartition(shardOf(applicationId, attentionPartitions)),
  sk: `PURGE#${applicationId}`,
});

export const endpointAttentionKey = (endpointId: string): Key => ({
  pk: attentionPartition(shardOf(endpointId, attentionPartitions)),
  sk: `ENDPOINT#${endpointId}`,
});

/**
 * The sort key to continue a list after.
 *
 * @param after - the `next` of an earlier page: the id of its last item.
 * @throws RangeError when it cannot be one.
 */
export function positionAfter(prefix: string, after: string | undefined): string | undefined {
  if (after === undefined) return undefined;
  if (!/^[\w-]{1,64}$/.test(after))
    throw new RangeError(`not a position: ${JSON.stringify(after.slice(0, 80))}`);
  return prefix + after;
}
