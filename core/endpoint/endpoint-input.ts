import { isDeepStrictEqual } from 'node:util';
import type { FilterCost } from '#core/filter/cost.ts';
import { checkCost } from '#core/filter/validate.ts';
import { describeValue } from '#core/json/describe.ts';
import { isObject, type JsonObject, mergePatch, withoutNulls } from '#core/json/merge-patch.ts';
import { isMasked, maskHeaders } from '#core/outbound/header-mask.ts';
import type { TargetPolicy } from '#core/outbound/target-url.ts';
import { maskUrl } from '#core/outbound/url-mask.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import { formatPath } from '#core/validation/path.ts';
import { fieldError, problemOf, validate } from '#core/validation/validate.ts';
import type { Endpoint } from './endpoint.ts';
import { createEndpointSchema, type EndpointInput } from './endpoint-schema.ts';

export interface EndpointInputs {
  /** The configuration of a new endpoint. @throws Problem `validation_failed` */
  parse(body: unknown, regex?: RegexEngine): CostedInput;
  /**
   * The configuration after a merge patch (RFC 7396).
   *
   * @param regex needed for a body with filters or metadata
   * @throws Problem `validation_failed`
   */
  patch(endpoint: Endpoint, body: unknown, regex?: RegexEngine): CostedInput;
}

/** An endpoint's configuration, and what its filters cost. */
export type CostedInput = EndpointInput & { readonly filterCost?: FilterCost };

export function createEndpointInputs(policy: TargetPolicy): EndpointInputs {
  const schema = createEndpointSchema(policy);

  function checked(
    value: unknown,
    body: unknown,
    regex: RegexEngine | undefined,
    known?: FilterCost,
  ): CostedInput {
    // Messages about a field that is not in the body name the merged value, which is valid or missing.
    const input = validate({ schema, value, received: mergedView(value, body) });
    const { filters, metadata } = input;
    if (filters === undefined) return input;
    if (known !== undefined) return { ...input, filterCost: known };
    const { cost, problems } = checkCost(filters, { endpoint: metadata, regex });
    const [refused] = problems;
    if (refused !== undefined) {
      const field = formatPath(['filters', ...refused.path]);
      throw problemOf([{ field, message: refused.message, accepted: refused.accepted }]);
    }
    return { ...input, filterCost: cost };
  }

  return {
    parse(body, regex) {
      return checked(isObject(body) ? withoutNulls(prepared({}, body)) : body, body, regex);
    },
    patch(endpoint, body, regex) {
      if (!isObject(body)) return checked(body, body, regex);
      const given = givenOf(endpoint);
      const isSame = !Object.hasOwn(body, 'filters') && !Object.hasOwn(body, 'metadata');
      const merged = withFiltersOf(body, mergePatch(given, prepared(given, body)));
      return checked(merged, body, regex, isSame ? endpoint.filterCost : undefined);
    },
  };
}

/** The merged value with the nulls of the body, which the merge took for removals. Error messages name parts of this. */
function mergedView(merged: unknown, body: unknown): unknown {
  if (!isObject(merged) || !isObject(body)) return body;
  const nulls = Object.entries(body).filter(([key, value]) => value === null && !Object.hasOwn(merged, key));
  return { ...merged, ...Object.fromEntries(nulls) };
}

/** An endpoint in the form of a body, so that a patch can be merged into it. It leaves out the secret. */
function givenOf(endpoint: Endpoint): JsonObject {
  const { name, url, events, headers, timeout, priority, retryConfig, circuitBreaker, metadata } = endpoint;
  return {
    name,
    url,
    events,
    headers,
    timeout,
    priority,
    retryConfig,
    circuitBreaker,
    metadata,
    ...(endpoint.rateLimit && { rateLimit: endpoint.rateLimit }),
    ...(endpoint.filters && { filters: endpoint.filters }),
    security: {
      signatureHeader: endpoint.signatureHeader,
      signatureScheme: endpoint.signatureScheme ?? 'standard',
    },
  };
}

function prepared(given: JsonObject, body: JsonObject): JsonObject {
  return withUrl(given, withHeaderNames(given, withRetryConfig(given, withCircuitShortForm(body))));
}

/** The masked URL that is sent back means "unchanged". */
function withUrl({ url: stored }: JsonObject, body: JsonObject): JsonObject {
  const { url, ...rest } = body;
  const isMaskedOne = typeof stored === 'string' && url !== stored && url === maskUrl(stored);
  return isMaskedOne ? rest : body;
}

/** `retryConfig.circuitBreaker: true | false` is a short form of `circuitBreaker.enabled`. */
function withCircuitShortForm(body: JsonObject): JsonObject {
  const { retryConfig } = body;
  if (!isObject(retryConfig) || !Object.hasOwn(retryConfig, 'circuitBreaker')) return body;
  const { circuitBreaker: enabled, ...rest } = retryConfig;
  if (enabled === null) return { ...body, retryConfig: rest };
  if (typeof enabled !== 'boolean') {
    const path = ['retryConfig', 'circuitBreaker'];
    throw problemOf([fieldError(path, describeValue(enabled), 'true or false')]);
  }
  const { circuitBreaker = {} } = body;
  if (
    circuitBreaker === null ||
    (isObject(circuitBreaker) && (circuitBreaker.enabled ?? enabled) !== enabled)
  ) {
    const path = ['retryConfig', 'circuitBreaker'];
    throw problemOf([
      fieldError(path, `${enabled}, and another value in circuitBreaker.enabled`, 'one of the two'),
    ]);
  }
  return {
    ...body,
    retryConfig: rest,
    circuitBreaker: isObject(circuitBreaker) ? { ...circuitBreaker, enabled } : circuitBreaker,
  };
}

const formulaFields = ['baseDelay', 'maxDelay', 'maxAttempts'] as const;

/** Removes the fields of the old strategy when the strategy changes, and accepts the answer of a GET unchanged. */
function withRetryConfig(given: JsonObject, body: JsonObject): JsonObject {
  const { retryConfig } = body;
  if (!isObject(retryConfig)) return body;
  if (retryConfig.strategy === 'standard') {
    const standard = effectiveRetryPolicy('standard');
    const isWhole = Object.entries(retryConfig).every(([key, value]) =>
      isDeepStrictEqual(value, Reflect.get(standard, key)),
    );
    return isWhole ? { ...body, retryConfig: 'standard' } : body;
  }
  const stored = given.retryConfig;
  if (!isObject(stored)) return body;
  const strategy = 'strategy' in retryConfig ? retryConfig.strategy : stored.strategy;
  const foreign = strategy === 'custom' ? formulaFields : ['schedule'];
  const removals = foreign.filter((name) => Object.hasOwn(stored, name)).map((name) => [name, null]);
  return { ...body, retryConfig: { ...Object.fromEntries(removals), ...retryConfig } };
}

/** Header names are case-insensitive, and a masked value that is sent back means "unchanged". */
function withHeaderNames(given: JsonObject, body: JsonObject): JsonObject {
  const { headers } = body;
  const stored = isObject(given.headers) ? given.headers : {};
  if (!isObject(headers)) return body;
  const masked = maskHeaders(
    Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, String(value)])),
  );
  const entries = Object.entries(headers).flatMap(([name, value]): [string, unknown][] => {
    const lower = name.toLowerCase();
    if (!Object.hasOwn(stored, lower)) return [[name, value]];
    if (value === masked[lower]) return [];
    // Removes the stored spelling only, so that the header rules still see two spellings in one body.
    return name === lower
      ? [[name, value]]
      : [
          [lower, null],
          [name, value],
        ];
  });
  const foreign = entries.filter(([, value]) => isMasked(value));
  if (foreign.length > 0) {
    throw problemOf(
      foreign.map(([name]) =>
        fieldError(['headers', name], 'a masked value that is not the stored one', 'the value'),
      ),
    );
  }
  return { ...body, headers: Object.fromEntries(entries) };
}

/** A filter is replaced as a whole and never merged, because its conditions belong together. */
function withFiltersOf({ filters }: JsonObject, merged: unknown): unknown {
  return isObject(merged) && isObject(filters) ? { ...merged, filters } : merged;
}
