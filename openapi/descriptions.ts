import type { JsonSchema } from './merge-patch.ts';

// What properties mean whose schema does not say it, because the code needs no such text. A property is found by its name
// and the name of the schema that it is in, or by its name alone.
const meanings: Readonly<Record<string, string>> = {
  accepted: 'What is accepted instead.',
  applicationId: 'The application that it belongs to.',
  application_id: 'The application, as in the request.',
  atMost: 'The upper bound in milliseconds; null in the last bucket.',
  attempt: 'The request that was made, and its answer.',
  attempt_number: 'The number of the attempt.',
  attempts: 'Requests that were made.',
  average: 'The mean; null without attempts.',
  cancelled: 'Deliveries that were cancelled.',
  circuit: 'The state of its circuit breaker.',
  circuitBreaker: 'When deliveries are held because the endpoint fails.',
  conditions: 'What must hold. Without conditions, every event passes.',
  createdAt: 'When it was created.',
  data: 'The items of this page.',
  dead: 'Deliveries that became dead letters.',
  deadByReason: 'Deliveries that became dead letters, by reason.',
  'EventType.description': 'What the event means, for the people who receive it.',
  enabled: 'Whether the circuit opens at all.',
  endpoint: 'The id of the endpoint.',
  endpointId: 'The endpoint.',
  'Task.endpointId': 'The endpoint of a recovery, or of the redrive of one endpoint.',
  endpoints: 'How many endpoints it may have.',
  'Attempt.error': 'Why it failed, for a person.',
  'BatchAnswer.error': 'Why the event was refused.',
  errorClass:
    'Why there was no answer, for a program: dns, connect, tls, timeout, reset, protocol or forbidden_target.',
  eventId: 'The event.',
  'Task.eventId': 'The event of a replay or of a deletion.',
  eventType: 'The type of the event that was sent.',
  eventTypes: 'How many event types it may have.',
  event_type: 'The type of the events.',
  event_type_name: 'The whole name: service, resource type and verb, joined by dots.',
  events: 'Events that were accepted.',
  expiresAt: 'When it ends; absent or null when it has no end.',
  failures: 'Attempts that failed.',
  field: 'A path into the event, such as type, tags or payload.order.amount.',
  filters: 'Which of the matching events are delivered; null for all of them.',
  generation: 'The number of the run of attempts that it belongs to.',
  help: 'What the metric counts.',
  hook0_events_received_total: 'Events that were accepted.',
  hook0_queue_size: 'Messages in a queue.',
  hook0_retry_attempts_total: 'Attempts after the first.',
  hook0_webhook_duration_seconds: 'How long attempts took.',
  hook0_webhooks_sent_total: 'Attempts, by their result.',
  id: 'Its id.',
  'ApplicationRemoval.id': 'The application that is being deleted.',
  kind: 'Always portal: it has capabilities in place of scopes.',
  labels: 'What this sample is about.',
  lastFailureAt: 'When an attempt failed last; null when none failed.',
  lastSuccessAt: 'When an attempt succeeded last; null when none succeeded.',
  le: 'The upper bound of the bucket in seconds.',
  limits: "Limits in place of the deployment's. Only an operator may set them.",
  logic: 'AND: all conditions must hold. OR: one of them.',
  metrics: 'The metrics by name, as in the text format of Prometheus.',
  name: 'Its name, for people.',
  'EventType.name': 'The event type, such as order.created.',
  'Metrics.name': 'Which part of the histogram it is.',
  nextAttemptAt: 'When the next attempt is made at the earliest; absent after the last one.',
  operator: 'How the field is compared with the value.',
  options: 'How it is delivered.',
  p50: 'Half of the attempts were at most so long.',
  p95: '95 % of the attempts were at most so long.',
  p99: '99 % of the attempts were at most so long.',
  perSecond: 'At most so many in one second.',
  priority: 'Which queue its deliveries use, unless the event has a priority.',
  queue_name: 'The name of the queue.',
  rateLimit: 'How many requests a second it gets; null for no limit.',
  'TokenInput.rateLimit': 'How many events a second it may post; null for no limit.',
  'TokenPatch.rateLimit': 'How many events a second it may post; null for no limit.',
  received_at: 'When the event was accepted.',
  resource_type_name: 'The second part of the name.',
  responseHeaders: 'Headers of the answer.',
  retryable: 'Whether such a failure is followed by another attempt.',
  retryableStatuses: 'Statuses of answers that are followed by another attempt.',
  samples: 'The values, one for each combination of labels.',
  schedule: 'Milliseconds before each attempt after the first.',
  scopes: 'What it may do: admin includes manage and ingest, manage includes read.',
  security: 'How requests are signed.',
  service_name: 'The first part of the name.',
  settledAt: 'When it ended; absent before.',
  source: 'Where the event happened, as it was posted.',
  startedAt: 'When the request was started.',
  state: 'closed: deliveries are sent. open: they are held. half_open: one is sent as a probe.',
  status: 'What has become of it.',
  'ApplicationRemoval.status': 'Always purging: it is deleted in the background.',
  'Health.status': 'Whether the deployment works.',
  'Metrics.status': 'Whether the attempts succeeded.',
  'Problem.status': 'The status of the answer.',
  'Task.status': 'How far it is.',
  statusSince: 'Since when it has this status.',
  strategy: 'How the wait grows from attempt to attempt.',
  succeeded: 'Deliveries that succeeded.',
  success: 'Whether it succeeded.',
  'Accepted.success': 'Always true: the event is stored.',
  'BatchAnswer.success': 'Always false: the event was refused.',
  successes: 'Attempts that got a 2xx.',
  tags: 'The tags of the event.',
  taskId: 'The task; GET /api/tasks/{taskId} says how far it is.',
  timestamp: 'The time of this answer.',
  title: 'The code in words.',
  totals: 'The counts of all hours together.',
  'Event.type': 'The event type.',
  'EventSummary.type': 'The event type.',
  'Metrics.type': 'The type of the metric.',
  'Task.type': 'What it does.',
  updatedAt: 'When it was changed last.',
  url: 'Where its deliveries are sent.',
  value: 'What the field is compared with. A text may refer to metadata of the endpoint or application.',
  'Metrics.value': 'The value.',
  verb_name: 'The third part of the name.',
  version: 'The version of the deployment.',
};

/**
 * Gives each property a description: its own, or that of what it may hold, or what it means.
 *
 * @throws Error that names properties without any, and meanings of properties that do not exist
 */
export function withDescriptions(schemas: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  const used = new Set<string>();
  const missing = new Set<string>();
  const described = (schemaName: string, schema: unknown): unknown => {
    if (Array.isArray(schema)) return schema.map((one) => described(schemaName, one));
    if (!isObject(schema)) return schema;
    const rest = Object.entries(schema).map(([key, value]) =>
      nesting.has(key) ? [key, described(schemaName, value)] : [key, value],
    );
    const { properties } = schema;
    if (!isObject(properties)) return Object.fromEntries(rest);
    const all = Object.entries(properties).map(([name, property]) => {
      const inner = described(schemaName, property);
      const key = [`${schemaName}.${name}`, name].find((one) => one in meanings) ?? '';
      const description = ownDescription(property) ?? meanings[key];
      if (description === undefined) missing.add(`${schemaName}.${name}`);
      else if (ownDescription(property) === undefined) used.add(key);
      return [name, isObject(inner) ? { ...inner, description } : inner];
    });
    return { ...Object.fromEntries(rest), properties: Object.fromEntries(all) };
  };
  const entries = Object.entries(schemas).map(([name, schema]) => [name, described(name, schema)]);
  const unused = Object.keys(meanings).filter((key) => !used.has(key));
  if (missing.size + unused.length > 0) {
    throw new Error(
      `openapi/descriptions.ts lacks ${[...missing].join(', ') || 'nothing'}, and has no use for ${unused.join(', ') || 'nothing'}`,
    );
  }
  return Object.fromEntries(entries);
}

/** Keywords whose value is a schema or a list of schemas. */
const nesting = new Set(['anyOf', 'oneOf', 'allOf', 'items', 'additionalProperties']);

function ownDescription(property: unknown): string | undefined {
  if (!isObject(property)) return undefined;
  if (typeof property.description === 'string') return property.description;
  const forms = Array.isArray(property.anyOf) ? property.anyOf : [];
  return forms.map(ownDescription).find((one) => one !== undefined);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
