/** What a portal token may allow a customer of an application to do. */
export const capabilities = [
  'endpoints:read',
  'endpoints:write',
  'deliveries:read',
  'deliveries:retry',
  'events:read',
  'secrets:read',
] as const;

export type Capability = (typeof capabilities)[number];

/** What an embedded portal needs. Payloads and signing secrets need a capability that is not a default. */
export const defaultCapabilities: readonly Capability[] = [
  'endpoints:read',
  'endpoints:write',
  'deliveries:read',
  'deliveries:retry',
];

const minute = 60_000;
const hour = 60 * minute;

/** The lifetime of a portal token in milliseconds. It covers a visit to a page, and is at most a day. */
export const portalLife = { shortest: minute, longest: 24 * hour, default: hour } as const;
