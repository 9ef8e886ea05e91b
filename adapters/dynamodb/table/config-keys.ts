import { shardOf } from '#core/delivery/watchdog.ts';
import { allApplications } from '#core/token/token.ts';
import type { Key } from './table.ts';

// The keys of the ConfigTable. Frozen, because deployments have data under these keys.

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
 * Items without an application: the list of the applications and the operators' tokens. One partition is enough, because
 * it is written only when an application or an operator's token is created or deleted, and read only by lists.
 */
export const operatorPartition = applicationPartition(allApplications);

export const applicationKey = (applicationId: string): Key => ({
  pk: applicationPartition(applicationId),
  sk: 'META',
});

/** Limits how often an application tests its endpoints. */
export const applicationTestsKey = (applicationId: string): Key => ({
  pk: applicationPartition(applicationId),
  sk: 'TESTS',
});

/** The wrapped key that encrypts the credentials of the application's endpoints. */
export const dataKeyKey = (applicationId: string): Key => ({
  pk: applicationPartition(applicationId),
  sk: 'DATAKEY',
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

// Sixteen digits hold every safe integer, so that the texts have the order of the versions.
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

/** An endpoint's configuration and state: the only items of this table that a deliver function may touch. */
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
