export const environment = {
  url: String(process.env.HOOK0_URL),
  token: String(process.env.HOOK0_TOKEN),
  type: String(process.env.EVENT_TYPE),
};

/** Prints what a sample did, for the program that runs it. */
export function report(done: {
  readonly endpointId: string | undefined;
  readonly metadata: unknown;
  readonly eventType: string | undefined;
  readonly webhookCount: number | undefined;
  readonly refusal: string | undefined;
}): void {
  process.stdout.write(JSON.stringify(done));
}
