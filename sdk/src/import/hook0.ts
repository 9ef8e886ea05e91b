import type { NewEndpoint } from '../client/types.ts';
import { headersOf, metadataOf, nameOf, secretNote, tagFilter, typesOf } from './common.ts';
import { planEventTypes } from './event-types.ts';
import { ExportError, entriesOf, isJson, items, type Json, textOf, textsOf } from './json.ts';
import { type ImportPlan, type LeftOut, Notes, type PlannedEndpoint, unreadable } from './plan.ts';

/**
 * Maps the answer of the original Hook0 to `GET /api/v1/subscriptions?application_id=…`: the list itself, or
 * `{"subscriptions": <list>}`.
 *
 * @throws ExportError
 */
export function planHook0(exported: unknown): ImportPlan {
  const list = isJson(exported) ? exported.subscriptions : exported;
  if (list === undefined) {
    throw new ExportError('the export has no "subscriptions"; expected {"subscriptions": …}');
  }
  const endpoints: PlannedEndpoint[] = [];
  const { eventTypes, leftOut } = planEventTypes('hook0', exported);
  for (const [index, given] of items(list, 'subscriptions').entries()) {
    const id = isJson(given) ? textOf(given.subscription_id) : undefined;
    const target = isJson(given) && isJson(given.target) ? given.target : {};
    const url = textOf(target.url);
    const expected = 'a subscription, with subscription_id and target.url';
    const planned =
      isJson(given) && id !== undefined && url !== undefined
        ? planOne(id, url, target, given)
        : unreadable('hook0', `subscriptions[${index}]`, expected, given);
    if ('reason' in planned) leftOut.push(planned);
    else endpoints.push(planned);
  }
  return { eventTypes, endpoints, leftOut };
}

function planOne(id: string, url: string, target: Json, given: Json): PlannedEndpoint | LeftOut {
  const notes = new Notes();
  const source = `hook0:${id}`;
  const name = nameOf(url, textOf(given.description));
  const types = textsOf(given.event_types);
  if (types.length === 0) return { source, name, reason: 'it has no event types, so it received nothing' };
  const events = typesOf(types, notes);
  if (events === undefined) {
    return { source, name, reason: `none of its event types is valid here: ${types.join(', ')}` };
  }
  const method = textOf(target.method)?.toUpperCase() ?? 'POST';
  if (method !== 'POST') notes.lostAndDisabled(`method ${method}: webhooks are sent by POST`);
  if (textsOf(given.dedicated_workers).length > 0) notes.lost('dedicated workers: there is no counterpart');
  if (textOf(given.retry_schedule_id) !== undefined) {
    notes.adapted('retry schedule: the schedule of Standard Webhooks is used; change it with retryConfig');
  }
  const secret = textOf(given.secret);
  if (secret === undefined) secretNote(notes);
  const filters = tagFilter(labelTags(given, notes), 'AND', 'labels', notes);
  const endpoint: NewEndpoint = {
    name,
    url,
    events,
    headers: headersOf(target.headers ?? {}, notes),
    security: { secret, signatureScheme: 'hook0-v1' },
    filters,
    metadata: metadataOf(source, given.metadata ?? {}, notes),
  };
  return { source, endpoint, disabled: given.is_enabled === false || notes.mustNotDeliver, notes: notes.all };
}

/** `key:value`, as `/api/v1/event` writes the labels of an event. Older releases have one label, in two fields. */
function labelTags(given: Json, notes: Notes): string[] {
  const labels = entriesOf(given.labels).map(([key, value]): [string, string] => [key, String(value)]);
  const key = textOf(given.label_key);
  if (labels.length === 0 && key !== undefined) labels.push([key, String(given.label_value ?? '')]);
  const ambiguous = labels.filter(([name]) => name.includes(':'));
  if (ambiguous.length > 0) {
    notes.lostAndDisabled(
      `labels ${ambiguous.map(([name]) => JSON.stringify(name)).join(', ')}: a key must not contain ":"`,
    );
    return [];
  }
  return labels.map(([name, value]) => `${name}:${value}`);
}
