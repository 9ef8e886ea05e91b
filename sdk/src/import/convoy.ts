import type { NewEndpoint, RetryConfig } from '../client/types.ts';
import { headersOf, metadataOf, nameOf, perSecond, secretNote, typesOf } from './common.ts';
import { filterOfSubscription } from './convoy-filter.ts';
import { planEventTypes } from './event-types.ts';
import { ExportError, isJson, items, type Json, positive, textOf, textsOf } from './json.ts';
import { type ImportPlan, type LeftOut, Notes, type PlannedEndpoint, unreadable } from './plan.ts';

const defaultHeader = 'X-Convoy-Signature';
const shortestTimeout = 1_000;
const longestTimeout = 30_000;
const day = 24 * 60 * 60 * 1_000;

/**
 * Maps the answers of Convoy for one project, as `hook0 export` writes them: `{"endpoints": <list>, "subscriptions": <list>,
 * "filters": {<id of a subscription>: <list, or null>}, "project": <project>}`. Convoy sends an event once for each
 * subscription, so each subscription becomes an endpoint.
 *
 * @throws ExportError
 */
export function planConvoy(exported: unknown): ImportPlan {
  if (!isJson(exported) || exported.endpoints === undefined || exported.subscriptions === undefined) {
    throw new ExportError(
      'the export lacks "endpoints" or "subscriptions"; expected {"endpoints": …, "subscriptions": …, "filters": …, "project": …}',
    );
  }
  const endpoints: PlannedEndpoint[] = [];
  const { eventTypes, leftOut } = planEventTypes('convoy', exported);
  const subscriptions: Json[] = [];
  for (const [index, given] of items(exported.subscriptions, 'subscriptions').entries()) {
    if (isJson(given)) subscriptions.push(given);
    else leftOut.push(unreadable('convoy', `subscriptions[${index}]`, 'a subscription of Convoy', given));
  }
  const known = new Set<unknown>();
  for (const [index, given] of items(exported.endpoints, 'endpoints').entries()) {
    if (isJson(given)) known.add(given.uid);
    const id = isJson(given) ? textOf(given.uid) : undefined;
    const url = isJson(given) ? (textOf(given.url) ?? textOf(given.target_url)) : undefined;
    if (!isJson(given) || id === undefined || url === undefined) {
      const expected = 'an endpoint of Convoy, with uid and url';
      leftOut.push(unreadable('convoy', `endpoints[${index}]`, expected, given));
      continue;
    }
    const own = subscriptions.filter((one) => endpointOf(one) === id);
    if (own.length === 0) {
      const name = nameOf(url, textOf(given.name), textOf(given.title));
      leftOut.push({
        source: `convoy:${id}`,
        name,
        reason: 'no subscription names it, so it received nothing',
      });
    }
    for (const subscription of own) {
      const planned = planOne(id, url, given, subscription, exported);
      if ('reason' in planned) leftOut.push(planned);
      else endpoints.push(planned);
    }
  }
  for (const one of subscriptions.filter((one) => !known.has(endpointOf(one)))) {
    const uid = String(one.uid);
    leftOut.push({
      source: `convoy:${uid}`,
      name: textOf(one.name) ?? uid,
      reason: 'its endpoint is not in the export',
    });
  }
  return { eventTypes, endpoints, leftOut };
}

function endpointOf({ endpoint_metadata, endpoint_id }: Json): string | undefined {
  return textOf(isJson(endpoint_metadata) ? endpoint_metadata.uid : endpoint_id);
}

function planOne(
  id: string,
  url: string,
  given: Json,
  subscription: Json,
  exported: Json,
): PlannedEndpoint | LeftOut {
  const notes = new Notes();
  const source = `convoy:${id}/${String(subscription.uid)}`;
  const name = nameOf(
    url,
    [given.name ?? given.title, subscription.name].flatMap((one) => textOf(one) ?? []).join(': '),
  );
  const config = isJson(subscription.filter_config) ? subscription.filter_config : {};
  const types = textsOf(config.event_types);
  const events = types.length === 0 || types.includes('*') ? ['*'] : typesOf(types, notes);
  if (events === undefined) {
    return { source, name, reason: `none of its event types is valid here: ${types.join(', ')}` };
  }
  const table = isJson(exported.filters) ? exported.filters[String(subscription.uid)] : undefined;
  const filters = filterOfSubscription(events, table, config, notes);
  const retryConfig = retryOf(subscription.retry_config, notes);
  const rateLimit = lowestRate(given, subscription, notes);
  const status = textOf(given.status) ?? 'active';
  const timeout = timeoutOf(given.http_timeout, notes);
  for (const reason of unsupported(given, subscription)) notes.lostAndDisabled(reason);
  for (const contact of ['support_email', 'slack_webhook_url']) {
    if (textOf(given[contact]) !== undefined) {
      notes.lost(`${contact}: subscribe to the lifecycle events instead`);
    }
  }
  const endpoint: NewEndpoint = {
    name,
    url,
    events,
    headers: headersOf(authentication(given.authentication, notes), notes),
    timeout,
    retryConfig,
    rateLimit,
    security: security(given, exported.project, notes),
    filters,
    metadata: metadataOf(source, { ownerId: textOf(given.owner_id) }, notes),
  };
  if (status !== 'active') notes.adapted(`status ${status}: created disabled`);
  return { source, endpoint, disabled: status !== 'active' || notes.mustNotDeliver, notes: notes.all };
}

/** What decides which events are sent, how often, or in which form, and does not exist here. */
function unsupported(given: Json, subscription: Json): string[] {
  const { source_metadata, source_id, delivery_mode, type } = subscription;
  const source = isJson(source_metadata) ? (textOf(source_metadata.name) ?? source_metadata.uid) : source_id;
  const contentType = textOf(given.content_type);
  const certificate = given.mtls_client_cert;
  return [
    ...(textOf(subscription.function) === undefined ? [] : ['function: payloads are delivered unchanged']),
    ...(textOf(source) === undefined ? [] : [`source ${source}: set a filter on source`]),
    ...(delivery_mode === 'at_most_once'
      ? ['at_most_once: every delivery is repeated until it succeeds']
      : []),
    ...(type === 'cli' ? ['type cli: it forwards to a command on a developer’s machine'] : []),
    ...(contentType === undefined || contentType.startsWith('application/json')
      ? []
      : [`content type ${contentType}: webhooks are sent as application/json`]),
    ...(isJson(certificate) && Object.keys(certificate).length > 0
      ? ['client certificate: webhooks are sent without one']
      : []),
  ];
}

/** Convoy limits an endpoint, and a subscription too. */
function lowestRate(given: Json, { rate_limit_config }: Json, notes: Notes): NewEndpoint['rateLimit'] {
  const own = isJson(rate_limit_config) ? rate_limit_config : {};
  const rates = [
    { count: positive(given.rate_limit), seconds: positive(given.rate_limit_duration) ?? 1 },
    { count: positive(own.count), seconds: positive(own.duration) ?? 1 },
  ].filter((rate) => rate.count !== undefined);
  const [lowest] = rates.sort((a, b) => (a.count ?? 0) / a.seconds - (b.count ?? 0) / b.seconds);
  return perSecond(lowest?.count, lowest?.seconds ?? 1, notes);
}

function retryOf(given: unknown, notes: Notes): RetryConfig | undefined {
  if (!isJson(given)) return undefined;
  const count = positive(given.retry_count);
  const seconds = positive(given.duration);
  if (count === undefined || seconds === undefined) return undefined;
  const maxAttempts = Math.min(50, count + 1);
  if (maxAttempts <= count) notes.adapted(`retries: ${count} becomes ${maxAttempts - 1}, the maximum`);
  const baseDelay = seconds * 1_000;
  const isExponential = given.type === 'exponential';
  const maxDelay = isExponential ? Math.max(baseDelay, day) : baseDelay;
  const waits = Array.from({ length: maxAttempts - 1 }, (_, n) =>
    isExponential ? Math.min(maxDelay, baseDelay * 2 ** n) : baseDelay,
  );
  if (waits.reduce((sum, wait) => sum + wait, 0) > 7 * day) {
    notes.adapted('retries: they take more than 7 days, so the schedule of Standard Webhooks is used');
    return undefined;
  }
  if (isExponential)
    notes.adapted('retries: exponential from its duration, and each wait is at most one day');
  return { strategy: isExponential ? 'exponential' : 'fixed', maxAttempts, baseDelay, maxDelay };
}

function timeoutOf(given: unknown, notes: Notes): number | undefined {
  const seconds = positive(given);
  if (seconds === undefined) return undefined;
  const timeout = Math.min(longestTimeout, Math.max(shortestTimeout, Math.round(seconds * 1_000)));
  if (timeout !== seconds * 1_000) {
    notes.adapted(`timeout: ${seconds} s becomes ${timeout / 1_000} s, the nearest accepted value`);
  }
  return timeout;
}

function authentication(given: unknown, notes: Notes): Record<string, string> {
  if (!isJson(given) || textOf(given.type) === undefined) return {};
  const key = isJson(given.api_key) ? given.api_key : {};
  const name = textOf(key.header_name);
  const value = textOf(key.header_value);
  if (given.type === 'api_key' && name !== undefined && value !== undefined) return { [name]: value };
  const { username, password } = isJson(given.basic_auth) ? given.basic_auth : {};
  if (given.type === 'basic_auth' && typeof username === 'string' && typeof password === 'string') {
    return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  }
  notes.lostAndDisabled(`authentication ${String(given.type)}: only headers with fixed values are supported`);
  return {};
}

/** A simple signature of Convoy is the hex HMAC of the body in the header of the project. The API sends the same. */
function security(given: Json, project: unknown, notes: Notes): NonNullable<NewEndpoint['security']> {
  const { header, hash, encoding } = signatureOf(project);
  if (given.advanced_signatures === true) {
    notes.lost(
      `advanced signature: ${header} holds the hex HMAC-SHA256 of the body; receivers must check that, or webhook-signature`,
    );
  } else if (hash !== 'SHA256' || encoding !== 'hex') {
    notes.lost(`signature ${hash} in ${encoding}: ${header} holds the hex HMAC-SHA256 of the body`);
  }
  const secrets = Array.isArray(given.secrets) ? given.secrets.filter(isJson) : [];
  const live = secrets.filter(
    ({ expires_at }) => textOf(expires_at) === undefined || String(expires_at).startsWith('0001'),
  );
  const secret = textOf((live.at(-1) ?? secrets.at(-1))?.value);
  if (secret === undefined) secretNote(notes);
  else if (secrets.length > 1) notes.lost(`secrets: the newest of ${secrets.length} is kept`);
  return { secret, signatureHeader: header };
}

function signatureOf(project: unknown) {
  const answered = isJson(project) && isJson(project.data) ? project.data : project;
  const config = isJson(answered) && isJson(answered.config) ? answered.config : {};
  const signature = isJson(config.signature) ? config.signature : {};
  const versions = Array.isArray(signature.versions) ? signature.versions.filter(isJson) : [];
  // A simple signature uses the last version.
  const { hash, encoding } = versions.at(-1) ?? {};
  return {
    header: textOf(signature.header) ?? defaultHeader,
    hash: textOf(hash) ?? 'SHA256',
    encoding: textOf(encoding) ?? 'hex',
  };
}
