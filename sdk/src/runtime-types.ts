// The global types of the runtime, where the user's project knows them (lib "dom", @types/node, Workers' types). In a
// project that does not, they are `unknown`, so that the declarations of this package compile everywhere.

export type WebAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer T } } ? T : unknown;
export type WebRequest = typeof globalThis extends { Request: { prototype: infer T } } ? T : unknown;
export type WebResponse = typeof globalThis extends { Response: { prototype: infer T } } ? T : unknown;
export type WebFetch = typeof globalThis extends { fetch: infer T } ? T : unknown;
