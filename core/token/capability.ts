/** What an application's own customers may do, each through a portal token that was made for it. */
export const capabilities = [
  'endpoints:read',
  'endpoints:write',
  'deliveries:read',
  'deliveries:retry',
  'events:read',
  'secrets:read',
] as const;

export type Capability = (typeof capabilities)[number];

/** What an embedded portal needs. Payloads and signing secrets are seen by those alone who are meant to. */
export const defaultCapabilities: readonly Capability[] = [
  'endpoints:read',
  'endpoints:write',
  'deliveries:read',
  'deliveries:retry',
];

const minute = 60_000;
const hour = 60 * minute;

/** How long a portal token lives, in milliseconds: as long as somebody looks at a page, and never over a day. */
export const portalLife = { shortest: minute, longest: 24 * hour, default: hour } as const;
