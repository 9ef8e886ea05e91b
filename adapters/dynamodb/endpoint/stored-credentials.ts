import * as z from 'zod/mini';
import { textsText } from '#adapters/dynamodb/table/json-attribute.ts';
import type { EndpointCredentials } from '#core/endpoint/endpoint.ts';

/** The credentials of an endpoint as its item holds them. */
export type StoredCredentials =
  | ({ readonly kind: 'plain' } & EndpointCredentials)
  | {
      readonly kind: 'encrypted';
      /** The wrapped data key. Each item has it, so that no second read is needed. */
      readonly dataKey: Uint8Array;
      readonly content: Uint8Array;
    };

const secrets = z.array(
  z.object({ value: z.string(), createdAt: z.number(), expiresAt: z.optional(z.number()) }),
);

/** The attributes of an item that hold credentials: either the first two or the last two. */
export const credentialAttributes = {
  headers: z.optional(textsText),
  secrets: z.optional(secrets),
  dataKey: z.optional(z.instanceof(Uint8Array)),
  encrypted: z.optional(z.instanceof(Uint8Array)),
};

type Parsed = z.infer<ReturnType<typeof z.object<typeof credentialAttributes>>>;

/** @throws Error when an item has neither form */
export function storedCredentials({ headers, secrets, dataKey, encrypted }: Parsed): StoredCredentials {
  if (dataKey !== undefined && encrypted !== undefined) {
    return { kind: 'encrypted', dataKey, content: encrypted };
  }
  if (headers !== undefined && secrets !== undefined) return { kind: 'plain', headers, secrets };
  throw new Error('the stored endpoint has neither plain nor encrypted credentials');
}

/** All four attributes, so that an update removes those of the other form. */
export const attributesOf = (stored: StoredCredentials) =>
  stored.kind === 'plain'
    ? {
        headers: JSON.stringify(stored.headers),
        secrets: stored.secrets,
        dataKey: undefined,
        encrypted: undefined,
      }
    : { headers: undefined, secrets: undefined, dataKey: stored.dataKey, encrypted: stored.content };

const contentSchema = z.object({ headers: textsText, secrets });

export const credentialsText = ({ headers, secrets }: EndpointCredentials): string =>
  JSON.stringify({ headers: JSON.stringify(headers), secrets });

export const parseCredentials = (text: string): EndpointCredentials =>
  z.parse(contentSchema, JSON.parse(text));
