import {
  type EndpointTest,
  type EndpointTestOutcome,
  isTestOutcome,
} from '#core/endpoint-test/endpoint-test.ts';

// A test takes up to 20 s and the deliver function may have to start. This function ends after 29 s.
const timeout = 26_000;

/** Lets a deliver function make the request of a test, because the api function does not reach the internet. */
export function createInvokeTest(functionName: string) {
  let invoke: Promise<(event: object) => Promise<unknown>> | undefined;

  return async (test: EndpointTest): Promise<EndpointTestOutcome> => {
    // Lambda's client is loaded by the first test, because most instances never make one.
    invoke ??= import('#adapters/lambda/invoke.ts').then(({ createInvoke }) =>
      createInvoke(functionName, timeout),
    );
    const outcome = await (await invoke)(test);
    if (isTestOutcome(outcome)) return outcome;
    throw new Error(
      'the deliver function returned no outcome of a test: deploy both functions from the same release',
    );
  };
}
