import type { ReceivedEvent } from '../core/event/event-schema.ts';
import { parseBatch, parseEvent } from '../core/event/event-schema.ts';
import { notFound, Problem, problemDocument } from '../core/problem.ts';
import type { Authenticate } from '../runtime/http/auth.ts';
import { readJson } from '../runtime/http/json-body.ts';
import { readQuery } from '../runtime/http/query.ts';
import type { HttpRequest } from '../runtime/http/request.ts';
import { type HttpResponse, json } from '../runtime/http/response.ts';
import type { Accepted, NewEvent } from './accept.ts';

export interface IngestPorts {
  readonly authenticate: Authenticate;
  /** Undefined when there is no such application. */
  accept(applicationId: string, events: readonly NewEvent[]): Promise<readonly Accepted[] | undefined>;
}

const accepted = ({ eventId, webhookCount }: Accepted) => ({ success: true, eventId, webhookCount });

/**
 * `POST /api/events` → 202 `{success, eventId, webhookCount}`.
 * `POST /api/events/batch` → 202 `{results: […]}`, one per event, in order; one bad event does not refuse the others.
 */
export async function ingest(request: HttpRequest, ports: IngestPorts): Promise<HttpResponse> {
  switch (`${request.method} ${request.path}`) {
    case 'POST /api/events':
      return one(request, ports);
    case 'POST /api/events/batch':
      return batch(request, ports);
    default:
      throw new Problem('route_not_found', {
        detail: `there is no ${request.method} ${request.path.slice(0, 128)} here`,
      });
  }
}

async function one(request: HttpRequest, ports: IngestPorts): Promise<HttpResponse> {
  const { applicationId } = await ports.authenticate(request, 'ingest');
  readQuery(request.query, []);
  const event = parseEvent(readJson(request).text);
  const [result] = await acceptAll(applicationId, [event], ports);
  if (!result) throw new Error('one event was accepted and none came back');
  return json(202, accepted(result));
}

async function batch(request: HttpRequest, ports: IngestPorts): Promise<HttpResponse> {
  const { applicationId } = await ports.authenticate(request, 'ingest');
  readQuery(request.query, []);
  const items = parseBatch(readJson(request).text);
  const good = items.flatMap((item) => (item.ok ? [item.event] : []));
  const results = (await acceptAll(applicationId, good, ports)).values();
  return json(202, {
    results: items.map((item) => (item.ok ? accepted(taken(results.next().value)) : refused(item.problem))),
  });
}

async function acceptAll(applicationId: string, events: readonly ReceivedEvent[], ports: IngestPorts) {
  const results = await ports.accept(applicationId, events.map(newEvent));
  if (!results) throw notFound('application', applicationId);
  return results;
}

function newEvent({ envelope, payloadText }: ReceivedEvent): NewEvent {
  const { type, source, options } = envelope;
  return {
    type,
    ...(source === undefined ? {} : { source }),
    tags: options.tags,
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    delay: options.delay,
    payload: payloadText,
  };
}

function taken(result: Accepted | undefined): Accepted {
  if (!result) throw new Error('fewer events came back than were accepted');
  return result;
}

const refused = (problem: Problem) => ({ success: false, error: problemDocument(problem) });
