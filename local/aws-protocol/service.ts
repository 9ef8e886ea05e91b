import type { JsonObject } from '../json/json.ts';

/** Answers one action. @throws ServiceError for what the service itself refuses */
export type ActionHandler = (input: JsonObject) => unknown;

/** A service, or a part of one, that the proxy plays itself: its actions by name. */
export type LocalService = ReadonlyMap<string, ActionHandler>;
