import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FailureClass, outcomeOf, type RequestResult } from '#core/attempt/outcome.ts';
import { defaultRetryableStatuses, type StatusRule } from '#core/retry/retry-policy.ts';

const answered = (statusCode: number, retryAfter?: number): RequestResult => ({
  kind: 'answered',
  statusCode,
  responseHeaders: {},
  responseBody: '',
  duration: 5,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

const failed = (errorClass: FailureClass): RequestResult => ({
  kind: 'failed',
  errorClass,
  error: 'no',
  duration: 5,
});

const byDefault = (result: RequestResult) => outcomeOf(result, defaultRetryableStatuses);

describe('an answer', () => {
  it.each([200, 201, 202, 204, 299])('of %i is a success', (status) => {
    expect(byDefault(answered(status))).toEqual({ verdict: 'succeeded', health: 'alive' });
  });

  it.each([301, 302, 304, 307, 308])('of %i is tried again and never followed', (status) => {
    expect(byDefault(answered(status))).toEqual({ verdict: 'retry', health: 'alive' });
  });

  it.each([400, 401, 403, 404, 405, 409, 413, 422, 451])('of %i is refused for good', (status) => {
    expect(byDefault(answered(status))).toEqual({ verdict: 'dead', health: 'alive', reason: 'refused' });
  });

  it.each([408, 425, 500, 502, 503, 504, 599])('of %i is a failure and tried again', (status) => {
    expect(byDefault(answered(status))).toEqual({ verdict: 'retry', health: 'failure' });
  });

  it.each([0, 20, 99, 600, 700, 999])('of %i, which is not a status, is read as 5xx', (status) => {
    expect(byDefault(answered(status))).toEqual({ verdict: 'retry', health: 'failure' });
    expect(outcomeOf(answered(status), [404])).toMatchObject({ verdict: 'dead', health: 'failure' });
  });

  it('of 508 is refused for good, because the same request would be part of the loop again', () => {
    const refused = { verdict: 'dead', health: 'failure', reason: 'refused' };
    expect(byDefault(answered(508))).toEqual(refused);
    expect(outcomeOf(answered(508), ['5xx'])).toEqual(refused);
    expect(outcomeOf(answered(508), [508])).toEqual({ verdict: 'retry', health: 'failure' });
  });

  it('of 429 says nothing about health', () => {
    expect(byDefault(answered(429))).toEqual({ verdict: 'retry', health: 'neutral' });
  });

  it('of 410 ends it, whatever the list of statuses says', () => {
    const lists: (readonly StatusRule[])[] = [defaultRetryableStatuses, [410], ['4xx']];
    for (const rules of lists) {
      expect(outcomeOf(answered(410), rules)).toMatchObject({ verdict: 'dead', reason: 'gone' });
    }
  });

  it('may be named as worth a retry, or not, by the endpoint', () => {
    expect(outcomeOf(answered(404), [404])).toEqual({ verdict: 'retry', health: 'alive' });
    expect(outcomeOf(answered(500), [])).toEqual({ verdict: 'dead', health: 'failure', reason: 'refused' });
  });

  it.each([429, 503])('of %i may say how long to wait', (status) => {
    expect(byDefault(answered(status, 7_000))).toMatchObject({ verdict: 'retry', retryAfter: 7_000 });
  });

  it.each([301, 408, 500, 502])('of %i may not', (status) => {
    expect(byDefault(answered(status, 7_000))).not.toHaveProperty('retryAfter');
  });
});

describe('no answer', () => {
  it.each<FailureClass>(['dns', 'connect', 'tls', 'timeout', 'reset', 'protocol'])(
    'because of %s is a failure',
    (why) => {
      expect(byDefault(failed(why))).toEqual({ verdict: 'retry', health: 'failure' });
    },
  );

  it('because the target is forbidden ends it and says nothing about health', () => {
    expect(byDefault(failed('forbidden_target'))).toEqual({
      verdict: 'dead',
      health: 'neutral',
      reason: 'forbidden_target',
    });
  });
});

it('only a 2xx is a success', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 999 }),
      fc.array(fc.constantFrom<StatusRule>('4xx', '5xx', 404, 200, 410)),
      (status, rules) => {
        const isSuccess = outcomeOf(answered(status), rules).verdict === 'succeeded';
        expect(isSuccess).toBe(status >= 200 && status <= 299);
      },
    ),
  );
});
