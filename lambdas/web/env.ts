/** The environment of the web function. */
export const webVariables = {
  configTable: 'HOOK0_CONFIG_TABLE',
  /** The product's version, for `GET /health`. */
  version: 'HOOK0_VERSION',
} as const;
