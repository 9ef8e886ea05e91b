/** The environment of the bootstrap function, which handles a custom resource. */
export const bootstrapVariables = {
  configTable: 'HOOK0_CONFIG_TABLE',
  /** ARN of the secret that receives the first admin token. */
  adminTokenSecret: 'HOOK0_ADMIN_TOKEN_SECRET',
  /** The api function, which encrypts and decrypts credentials. */
  apiFunction: 'HOOK0_API_FUNCTION',
} as const;
