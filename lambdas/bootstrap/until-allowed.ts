const mostTries = 11;
const pause = 3_000;

/**
 * Repeats work that AWS denies, for half a minute. The role is seconds old in a first deployment, and IAM may not yet know
 * its policies everywhere; a failure would roll the whole deployment back.
 *
 * @param sleep - milliseconds
 * @throws what the work throws, if it is not a denial or is the last one
 */
export async function untilAllowed<Result>(
  work: () => Promise<Result>,
  sleep: (milliseconds: number) => Promise<unknown>,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const isDenied = error instanceof Error && error.name === 'AccessDeniedException';
      if (!isDenied || tries === mostTries) throw error;
      await sleep(pause);
    }
  }
}
