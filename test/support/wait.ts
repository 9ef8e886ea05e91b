/**
 * Asks until `check` answers something other than undefined or false.
 *
 * @throws Error after `timeout` milliseconds, with what was waited for
 */
export async function waitFor<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  timeout = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const result = await check();
    if (result !== undefined && result !== false) return result;
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
