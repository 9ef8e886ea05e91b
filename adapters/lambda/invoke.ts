import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { eachTry, oneTry } from '#adapters/aws/clients.ts';
import { agents } from '#adapters/aws/connections.ts';

/**
 * Invokes a function and waits for what it answers. Once only: a second try would do the function's work again.
 *
 * @param functionName - its name or ARN.
 * @param patience - milliseconds.
 * @throws Error when the function fails; what Lambda itself refuses rejects as the SDK has it
 */
export function createInvoke(functionName: string, patience: number) {
  const client = new LambdaClient({
    maxAttempts: 1,
    requestHandler: {
      ...agents,
      connectionTimeout: 2_000,
      requestTimeout: patience,
      throwOnRequestTimeout: true,
    },
  });
  client.middlewareStack.add(oneTry, eachTry);
  return async (event: object): Promise<unknown> => {
    const { FunctionError, Payload } = await client.send(
      new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
    );
    // The payload of a failure holds a message and a stack, which say nothing to the caller of the API.
    if (FunctionError !== undefined) throw new Error(`the function ${functionName} failed: ${FunctionError}`);
    return JSON.parse(Payload?.transformToString() ?? 'null');
  };
}
