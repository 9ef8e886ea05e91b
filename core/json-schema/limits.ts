/** What a tenant's schema may cost: nobody else's events wait for it. */
export const schemaLimits = {
  /** Bytes as JSON. */
  bytes: 64 * 1024,
  /** Levels of arrays and objects. */
  levels: 48,
  /** Schemas within it, itself included. */
  subschemas: 1_000,
  /** Regular expressions, and bytes of each. */
  patterns: 100,
  patternBytes: 1_024,
  /**
   * Steps that the validation of one payload may take: a schema that is looked at, a member, 16 characters of a text
   * that must be read, one that is searched for an expression. The largest payloads fit with plain schemas, and the
   * worst known of hostile ones end within a second; the unit test goes through both.
   */
  steps: 1_000_000,
  /** Schemas that may be under way inside one another. */
  nesting: 1_000,
} as const;

/** Problems and violations that are told; the first ones say enough. */
export const longestReport = 20;
