import { beforeAll, beforeEach } from 'vitest';
import { anEndpoint, startApi, type TestApi } from './api-function.ts';
import { type TestDatabase, useDatabase } from './dynamodb.ts';

// Imports are live: a test sees the API that the hooks below started last.

export let database: TestDatabase;
export let api: TestApi;

type Options = Parameters<typeof startApi>[1];

/** Starts the API on new tables before each test of the file. */
export function apiForEachTest(options?: Options): void {
  database = useDatabase();
  beforeEach(async () => {
    api = await startApi(database, options);
  });
}

/** Starts one API for all tests of the file. */
export function apiForAllTests(options?: Options): void {
  database = useDatabase();
  beforeAll(async () => {
    api = await startApi(database, options);
  });
}

/** Starts the API again, with other options. */
export async function restartApi(options: Options): Promise<void> {
  api = await startApi(database, options);
}

/** Creates an endpoint and returns its view. */
export const createEndpoint = async (change: object = {}, headers: Readonly<Record<string, string>> = {}) =>
  (await api.call('POST /api/endpoints', { body: { ...anEndpoint, ...change }, headers })).body;
