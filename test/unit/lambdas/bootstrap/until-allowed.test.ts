import { describe, expect, it } from 'vitest';
import { untilAllowed } from '#lambdas/bootstrap/until-allowed.ts';

const denied = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });

/** Work that fails so many times with this error. */
async function run(failures: number, error: Error) {
  let calls = 0;
  let slept = 0;
  const result = await untilAllowed(
    async () => {
      calls += 1;
      if (calls <= failures) throw error;
      return 'done';
    },
    async (milliseconds) => {
      slept += milliseconds;
    },
  ).catch((thrown: unknown) => thrown);
  return { result, calls, slept };
}

describe('work of a role that is seconds old', () => {
  it('is repeated for half a minute while it is denied', async () => {
    expect(await run(2, denied)).toEqual({ result: 'done', calls: 3, slept: 6_000 });
    expect(await run(99, denied)).toEqual({ result: denied, calls: 11, slept: 30_000 });
  });

  it('is not repeated for any other reason', async () => {
    const broken = new Error('no such table');
    expect(await run(1, broken)).toEqual({ result: broken, calls: 1, slept: 0 });
  });
});
