/** A registered type of events. Times are epoch milliseconds. */
export interface EventType {
  readonly applicationId: string;
  readonly name: string;
  readonly description?: string;
  /** The JSON Schema (2020-12 or draft-07) of payloads, as JSON text. */
  readonly schema?: string;
  /** An example payload for people, as JSON text. */
  readonly example?: string;
  /** Whether events of this type are refused. */
  readonly archived: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * The part of a type that ingest needs. A type without a rule accepts every payload: it was never registered, or has no
 * schema and is not archived.
 */
export interface EventTypeRule {
  readonly name: string;
  readonly archived: boolean;
  /**
   * The routing version of the last change of the schema; absent without a schema. Ingest reads the schema itself, up to
   * 64 KB, when an event of the type arrives, because every instance holds the rules of all types.
   */
  readonly schemaVersion?: number;
}

/** @param schemaVersion - the routing version of the last change of the schema. */
export function ruleOf(
  { name, archived, schema }: EventType,
  schemaVersion: number | undefined,
): EventTypeRule | undefined {
  const hasSchema = schema !== undefined && schemaVersion !== undefined;
  if (!archived && !hasSchema) return undefined;
  return { name, archived, ...(hasSchema && { schemaVersion }) };
}
