/** Limits of a schema, so that the events of other applications do not wait for its validation. */
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
   * Steps that the validation of one payload may take. A step stands for 10 ns, so this is 40 ms. The largest payloads fit
   * with plain schemas.
   */
  steps: 4_000_000,
  /** Steps to prepare all expressions. */
  preparation: 3_000_000,
  /** Schemas that are being applied inside one another. */
  nesting: 1_000,
} as const;

/** Most problems and violations in a report; the first ones are enough. */
export const longestReport = 20;
