import type { NewEndpoint } from '../client/types.ts';
import { headersOf, metadataOf, nameOf, perSecond, secretNote, tagFilter, typesOf } from './common.ts';
import { planEventTypes } from './event-types.ts';
import { ExportError, isJson, items, type Json, positive, textOf, textsOf } from './json.ts';
import { type ImportPlan, type LeftOut, Notes, type PlannedEndpoint, unreadable } from './plan.ts';

/**
 * Maps the answers of Svix for one application: `{"endpoints": <list>, "secrets": {<id>: <secret>},
 * "headers": {<id>: <headers>}, "transformations": {<id>: <transformation, or null for none>}}`, as `hook0 export` writes it.
 *
 * @throws ExportError
 */
export function planSvix(exported: unknown): ImportPlan {
  if (!isJson(exported) || exported.endpoints === undefined) {
    throw new ExportError(
      'the export has no "endpoints"; expected {"endpoints": …, "secrets": …, "headers": …}',
    );
  }
  const endpoints: PlannedEndpoint[] = [];
  const { eventTypes, leftOut } = planEventTypes('svix', exported);
  for (const [index, given] of items(exported.endpoints, 'endpoints').entries()) {
    const id = isJson(given) ? textOf(given.id) : undefined;
    const url = isJson(given) ? textOf(given.url) : undefined;
    const planned =
      isJson(given) && id !== undefined && url !== undefined
        ? planOne(id, url, given, exported)
        : unreadable('svix', `endpoints[${index}]`, 'an endpoint of Svix, with id and url', given);
    if ('reason' in planned) leftOut.push(planned);
    else endpoints.push(planned);
  }
  return { eventTypes, endpoints, leftOut };
}

function planOne(id: string, url: string, given: Json, exported: Json): PlannedEndpoint | LeftOut {
  const notes = new Notes();
  const source = `svix:${id}`;
  const name = nameOf(url, textOf(given.description), textOf(given.uid));
  const types = textsOf(given.filterTypes ?? given.eventTypes);
  const events = types.length === 0 ? ['*'] : typesOf(types, notes);
  if (events === undefined) {
    return { source, name, reason: `none of its event types is valid here: ${types.join(', ')}` };
  }
  const filters = tagFilter(textsOf(given.channels), 'OR', 'channels', notes);
  if (filters !== undefined) notes.adapted('channels: post the channels of an event as its tags');
  const secret = secretOf(id, exported, notes);
  const rateLimit = perSecond(positive(given.throttleRate ?? given.rateLimit), 1, notes);
  const transformation = of(exported.transformations, id);
  if (transformation === undefined) {
    notes.lostAndDisabled('transformation: the export does not say whether there is one');
  } else if (isEnabledTransformation(transformation)) {
    notes.lostAndDisabled('transformation: payloads are delivered unchanged');
  }
  const metadata = isJson(given.metadata) ? given.metadata : {};
  const endpoint: NewEndpoint = {
    name,
    url,
    events,
    headers: allHeaders(id, exported, notes),
    rateLimit,
    security: secret === undefined ? undefined : { secret },
    filters,
    metadata: metadataOf(source, { ...metadata, uid: textOf(given.uid) ?? metadata.uid }, notes),
  };
  return { source, endpoint, disabled: given.disabled === true || notes.mustNotDeliver, notes: notes.all };
}

const of = (map: unknown, id: string): unknown => (isJson(map) ? map[id] : undefined);

/** `{"key": "whsec_…"}` as in the answer, or the text alone. */
function secretOf(id: string, exported: Json, notes: Notes): string | undefined {
  const answered = of(exported.secrets, id);
  const key = textOf(isJson(answered) ? answered.key : answered);
  if (key === undefined) secretNote(notes);
  else if (/^wh[sp]k_/.test(key)) {
    notes.lost(
      'secret: it is an asymmetric key, but webhooks are signed with HMAC, so the API makes a new one',
    );
    return undefined;
  }
  // Svix accepts secrets without the prefix, for the same bytes.
  return key === undefined || key.startsWith('whsec_') ? key : `whsec_${key}`;
}

function allHeaders(id: string, exported: Json, notes: Notes): Record<string, string> {
  const answered = of(exported.headers, id);
  if (!isJson(answered)) return {};
  for (const name of textsOf(answered.sensitive)) {
    notes.lost(`header ${name}: Svix hides its value; set it with PATCH /api/endpoints/{id}`);
  }
  return headersOf(answered.headers ?? {}, notes);
}

const isEnabledTransformation = (given: unknown): boolean =>
  isJson(given) && given.enabled !== false && textOf(given.code) !== undefined;
