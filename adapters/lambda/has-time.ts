import type { Context } from 'aws-lambda';

/** Whether an invocation has more time left than it needs to finish what is at hand, `reserve` milliseconds. */
export const hasTimeIn = (context: Context, reserve: number) => (): boolean =>
  context.getRemainingTimeInMillis() > reserve;
