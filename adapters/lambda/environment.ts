/** Maps the names code uses to the names of environment variables. */
type VariableNames = Readonly<Record<string, string>>;

/** The values of these variables. */
export type Environment<Names extends VariableNames> = { readonly [Key in keyof Names]: string };

/**
 * Reads a function's environment once, at cold start.
 *
 * @throws Error that names every missing variable
 */
export function readEnvironment<Names extends VariableNames>(
  names: Names,
  env: Readonly<Record<string, string | undefined>>,
): Environment<Names> {
  const missing = Object.values(names).filter((name) => !env[name]);
  if (missing.length > 0) {
    throw new Error(
      `missing environment variables: ${missing.join(', ')}; the stack sets them, see env.ts beside the handler`,
    );
  }
  return Object.fromEntries(
    Object.entries(names).map(([key, name]) => [key, env[name]]),
  ) as Environment<Names>;
}
