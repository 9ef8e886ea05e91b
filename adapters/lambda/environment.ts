/** Maps the names code uses to the names of environment variables. */
export type VariableNames = Readonly<Record<string, string>>;

/**
 * Reads a function's environment once, at cold start.
 *
 * @throws Error naming every variable that is missing, so that one failed start tells all.
 */
export function readEnvironment<Names extends VariableNames>(
  names: Names,
  env: Readonly<Record<string, string | undefined>>,
): { readonly [Key in keyof Names]: string } {
  const missing = Object.values(names).filter((name) => !env[name]);
  if (missing.length > 0) {
    throw new Error(
      `missing environment variables: ${missing.join(', ')}; the stack sets them, see env.ts beside the handler`,
    );
  }
  return Object.fromEntries(Object.entries(names).map(([key, name]) => [key, env[name]])) as {
    readonly [Key in keyof Names]: string;
  };
}
