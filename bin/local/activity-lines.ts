import { gunzipSync } from 'node:zlib';
import type { Gateway, Integration } from '#local/gateway/gateway.ts';
import type { ApiRoute } from '#local/gateway/routes.ts';
import { asObject, asText, isObject, type JsonObject } from '#local/json/json.ts';
import type { LogLine } from '#local/lambda/logs.ts';

const eventRoutes = new Set(['POST /api/events', 'POST /api/events/batch', 'POST /api/v1/event']);
/** On one line of a terminal, because a request may hold anything. */
const textOf = (value: unknown): string => (asText(value) ?? '').replaceAll(/\p{Cc}+/gu, ' ');

/** Calls `write` with one line for each event that a request posted, whether it was accepted or refused. */
export function announcing(gateway: Gateway, write: (line: string) => void): Gateway {
  const announced = ({ key, target }: ApiRoute<Integration>): ApiRoute<Integration> => ({
    key,
    target: {
      ...target,
      async invoke(payload, ...rest) {
        const result = await target.invoke(payload, ...rest);
        if (result.kind === 'result') for (const line of eventLines(payload, result.payload)) write(line);
        return result;
      },
    },
  });
  return {
    ...gateway,
    serve: (apiId, routes, cors) => {
      const all = routes.map((route) => (eventRoutes.has(route.key) ? announced(route) : route));
      gateway.serve(apiId, all, cors);
    },
  };
}

/**
 * One line for each event of a request.
 *
 * @param request - the event of the HTTP API
 * @param answer - what the function answered
 */
export function eventLines(request: string, answer: string): readonly string[] {
  const answered = parsed(answer);
  const body = parsed(bodyOf(answered));
  const posted = parsed(bodyOf(parsed(request)));
  const events = Array.isArray(posted.events) ? posted.events : [posted];
  const results = Array.isArray(body.results) ? body.results : [body];
  return results.map((result: unknown, index) => {
    const { type, event_type: typeOfOriginal } = asObject(events[index]);
    return `event     ${outcomeOf(asObject(result), textOf(type ?? typeOfOriginal))}`;
  });
}

function outcomeOf({ eventId, webhookCount, error, ...problem }: JsonObject, type: string): string {
  if (typeof eventId !== 'string') {
    const { code, detail } = isObject(error) ? error : problem;
    return `${[type, 'refused:', textOf(code)].filter(Boolean).join(' ')}: ${textOf(detail)}`;
  }
  const count =
    typeof webhookCount === 'number' ? ` to ${webhookCount} endpoint${webhookCount === 1 ? '' : 's'}` : '';
  return `${eventId} ${type}${count}`;
}

/** One line for an attempt that a deliver function logs, or undefined for any other line of a log. */
export function attemptLine({ record = {} }: LogLine): string | undefined {
  const { message, eventId, eventType, endpointId, attempt, generation, duration, statusCode, error } =
    record;
  if (message !== 'attempt') return undefined;
  const result = typeof statusCode === 'number' ? `HTTP ${statusCode}` : textOf(error);
  const number = attempt === 1 ? '' : `, attempt ${attempt}`;
  const run = generation === 1 ? '' : `, run ${generation}`;
  return `delivery  ${eventId} ${eventType} to ${endpointId}: ${result} in ${duration} ms${number}${run}`;
}

function bodyOf({ body, headers, isBase64Encoded }: JsonObject): string {
  const bytes = Buffer.from(asText(body) ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  const isCompressed = isObject(headers) && headers['content-encoding'] === 'gzip';
  return (isCompressed ? gunzipSync(bytes) : bytes).toString();
}

/** An empty object for what is not one, because a request may hold anything. */
function parsed(text: string): JsonObject {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}
