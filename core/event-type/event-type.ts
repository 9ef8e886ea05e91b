/** A type of events that an application has registered. Times are epoch milliseconds. */
export interface EventType {
  readonly applicationId: string;
  readonly name: string;
  readonly description?: string;
  /** The JSON Schema (2020-12) that payloads must pass, as JSON text. */
  readonly schema?: string;
  /** A payload as JSON text, for people. */
  readonly example?: string;
  /** Takes no events any more. */
  readonly archived: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * What ingest must know of a type. A type that has no rule (never registered, or without schema and not archived)
 * takes every payload.
 */
export interface EventTypeRule {
  readonly name: string;
  readonly archived: boolean;
  /**
   * The routing version since which the schema stands, absent without one. The schema itself is up to 64 KB and is
   * read when an event of the type comes: every ingest instance holds the rules of all types.
   */
  readonly schemaVersion?: number;
}

/** @param schemaVersion - the routing version since which the type's schema stands. */
export function ruleOf(
  { name, archived, schema }: EventType,
  schemaVersion: number | undefined,
): EventTypeRule | undefined {
  const hasSchema = schema !== undefined && schemaVersion !== undefined;
  if (!archived && !hasSchema) return undefined;
  return { name, archived, ...(hasSchema && { schemaVersion }) };
}
