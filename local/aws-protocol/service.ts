import type { JsonObject } from '../json/json.ts';

/** Answers one action. @throws ServiceError for what the service refuses */
export type ActionHandler = (input: JsonObject) => unknown;

/** A service, or a part of one, that the proxy emulates: its handlers by the names of the actions. */
export type LocalService = ReadonlyMap<string, ActionHandler>;
