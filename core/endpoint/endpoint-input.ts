import { isDeepStrictEqual } from 'node:util';
import { regexProblems } from '#core/filter/validate.ts';
import { describeValue } from '#core/json/describe.ts';
import { isObject, type JsonObject, mergePatch, withoutNulls } from '#core/json/merge-patch.ts';
import { isMasked, maskHeaders } from '#core/outbound/header-mask.ts';
import type { TargetPolicy } from '#core/outbound/target-url.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import { effectiveRetryPolicy } from '#core/retry/retry-policy.ts';
import { formatPath } from '#core/validation/path.ts';
import { fieldError, problemOf, validate } from '#core/validation/validate.ts';
import type { Endpoint } from './endpoint.ts';
import { createEndpointSchema, type EndpointInput } from './endpoint-schema.ts';

export interface EndpointInputs {
  /** A new endpoint's configuration. @throws Problem `validation_failed` */
  parse(body: unknown, regex?: RegexEngine): EndpointInput;
  /** The configuration after a merge patch; what the patch leaves out stays. @throws Problem `validation_failed` */
  patch(endpoint: Endpoint, body: unknown, regex?: RegexEngine): EndpointInput;
}

export function createEndpointInputs(policy: TargetPolicy): EndpointInputs {
  const schema = createEndpointSchema(policy);

  function checked(value: unknown, body: unknown, regex: RegexEngine | undefined): EndpointInput {
    // Fields that the body leaves out were valid or are missing: either way the merged value tells it right.
    const input = validate({ schema, value, received: mergedView(value, body) });
    const [refused] =
      regex === undefined || input.filters === undefined ? [] : regexProblems(input.filters, regex);
    if (refused !== undefined) {
      const field = formatPath(['filters', ...refused.path]);
      throw problemOf([{ field, message: refused.message, accepted: refused.accepted }]);
    }
    return input;
  }

  return {
    parse(body, regex) {
      return checked(isObject(body) ? withoutNulls(prepared({}, body)) : body, body, regex);
    },
    patch(endpoint, body, regex) {
      if (!isObject(body)) return checked(body, body, regex);
      const given = givenOf(endpoint);
      return checked(withFiltersOf(body, mergePatch(given, prepared(given, body))), body, regex);
    },
  };
}

/** What `received` should say: the body's own nulls, which the merge took for removals, over the merged value. */
function mergedView(merged: unknown, body: unknown): unknown {
  if (!isObject(merged) || !isObject(body)) return body;
  const nulls = Object.entries(body).filter(([key, value]) => value === null && !Object.hasOwn(merged, key));
  return { ...merged, ...Object.fromEntries(nulls) };
}

/** An endpoint in the shape a body has, so that a patch can be merged into it. The secret stays out of it. */
function givenOf(endpoint: Endpoint): JsonObject {
  const { name, url, events, headers, timeout, priority, retryConfig, circuitBreaker, metadata } = endpoint;
  return {
    ...{ name, url, events, headers, timeout, priority, retryConfig, circuitBreaker, metadata },
    ...(endpoint.rateLimit && { rateLimit: endpoint.rateLimit }),
    ...(endpoint.filters && { filters: endpoint.filters }),
    security: {
      signatureHeader: endpoint.signatureHeader,
      signatureScheme: endpoint.signatureScheme ?? 'standard',
    },
  };
}

function prepared(given: JsonObject, body: JsonObject): JsonObject {
  return withHeaderNames(given, withRetryConfig(given, withCircuitShortForm(body)));
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
      fieldError(path, `${enabled}, and the opposite in circuitBreaker`, 'the same in both, or one of them'),
    ]);
  }
  return {
    ...body,
    retryConfig: rest,
    circuitBreaker: isObject(circuitBreaker) ? { ...circuitBreaker, enabled } : circuitBreaker,
  };
}

const formulaFields = ['baseDelay', 'maxDelay', 'maxAttempts'] as const;

/** A change of strategy removes what only the old strategy knew, and a GET's answer can be sent back. */
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

/** Header names are one name in any case, and a masked value that comes back means "unchanged". */
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
    // Removing the stored spelling keeps two spellings in one body apart, so that the header rules see both.
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
        fieldError(['headers', name], 'a masked value that was sent back', 'the value itself'),
      ),
    );
  }
  return { ...body, headers: Object.fromEntries(entries) };
}

/** Conditions mean something together only: a filter is replaced as it was sent, never merged. */
function withFiltersOf({ filters }: JsonObject, merged: unknown): unknown {
  return isObject(merged) && isObject(filters) ? { ...merged, filters } : merged;
}
