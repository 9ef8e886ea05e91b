import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { asObject, type JsonObject } from '../json/json.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import { refuseForeign } from '../net/foreign.ts';
import { listen } from '../net/listen.ts';

interface CustomResourceRequest {
  readonly logicalId: string;
  readonly type: string;
  readonly stackId: string;
  readonly properties: JsonObject;
  /** Its id from an earlier run, which makes the request an update. */
  readonly physicalId?: string | undefined;
  /** Milliseconds. */
  readonly timeoutMs: number;
}

interface CustomResourceResult {
  readonly physicalId: string;
  readonly data: JsonObject;
}

export interface CustomResources {
  /** @throws Error with the handler's reason when it fails, or does not answer in time */
  request(handler: LambdaFunction, request: CustomResourceRequest): Promise<CustomResourceResult>;
  stop(): Promise<void>;
}

/**
 * The part of CloudFormation in custom resources: a handler PUTs its answer to the URL of its request.
 * The CDK's provider framework is not run. Its handler is called directly, and its return value is the answer.
 */
export async function openCustomResources(): Promise<CustomResources> {
  const waiting = new Map<string, (answer: JsonObject) => void>();
  const server = createServer(
    refuseForeign((request, response) => {
      void text(request).then((body) => {
        const settle = waiting.get(request.url ?? '');
        response.writeHead(settle === undefined ? 403 : 200).end();
        settle?.(parse(body));
      });
    }),
  );
  const port = await listen(server);

  return {
    request: async (handler, request) => {
      const path = `/${randomUUID()}`;
      const event = {
        RequestType: request.physicalId === undefined ? 'Create' : 'Update',
        PhysicalResourceId: request.physicalId,
        OldResourceProperties: request.physicalId && request.properties,
        ResponseURL: `http://127.0.0.1:${port}${path}`,
        StackId: request.stackId,
        RequestId: randomUUID(),
        LogicalResourceId: request.logicalId,
        ResourceType: request.type,
        ResourceProperties: request.properties,
      };
      const answer = await new Promise<JsonObject>((resolve) => {
        waiting.set(path, resolve);
        const fail = (Reason: string) => resolve({ Status: 'FAILED', Reason });
        const timer = setTimeout(
          () => fail(`no answer within ${request.timeoutMs / 1000} s`),
          request.timeoutMs,
        );
        void handler.invoke(JSON.stringify(event)).then((result) => {
          if (result.kind === 'error') fail(`${result.error.errorType}: ${result.error.errorMessage}`);
          if (result.kind === 'throttled') fail(`${handler.settings.logicalId} was throttled`);
          const returned = result.kind === 'result' ? parse(result.payload) : {};
          if (returned.PhysicalResourceId !== undefined) resolve({ Status: 'SUCCESS', ...returned });
        });
        timer.unref();
      });
      waiting.delete(path);
      if (answer.Status !== 'SUCCESS') {
        throw new Error(
          `${request.logicalId} (${request.type}) failed: ${answer.Reason ?? 'no reason given'}`,
        );
      }
      const physicalId = String(answer.PhysicalResourceId ?? request.physicalId ?? request.logicalId);
      return { physicalId, data: asObject(answer.Data) };
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parse(body: string): JsonObject {
  try {
    return asObject(JSON.parse(body));
  } catch {
    return { Status: 'FAILED', Reason: `the answer is not JSON: ${body.slice(0, 200)}` };
  }
}
