/**
 * Replaces the SDK's default credential chain in bundles. Inside Lambda, credentials are always environment variables, and
 * the other providers of the chain (SSO, STS, profiles, instance metadata, …) would be a fifth of a bundle.
 */
export const defaultProvider = () => async () => {
  const accessKeyId = process.env.AWS_ACCESS_KEY_ID;
  const secretAccessKey = process.env.AWS_SECRET_ACCESS_KEY;
  const sessionToken = process.env.AWS_SESSION_TOKEN;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new Error(
      'missing AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY: Lambda sets them; set them yourself to run the code elsewhere',
    );
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
};
