import { describe, expect, it } from 'vitest';
import { filterLimits } from '#core/filter/filter.ts';
import { schemaLimits } from '#core/json-schema/limits.ts';
import {
  createRequestWork,
  createSecondWork,
  requestSteps,
  stepsPerSecond,
} from '#core/routing/request-work.ts';

describe('the work of a request', () => {
  it('has room for the most that one event takes', () => {
    const { take } = createRequestWork();
    take(schemaLimits.preparation);
    take(schemaLimits.steps);
    take(filterLimits.steps);
    expect(() => take(1)).toThrow('post it again');
  });

  it('gets back what was not needed', () => {
    const { take } = createRequestWork();
    for (let n = 0; n < 100; n += 1) take(requestSteps / 2)(requestSteps / 2 - 10);
    expect(() => take(requestSteps)).toThrow('fewer events in one request');
    expect(() => take(requestSteps - 1_000)).not.toThrow();
  });
});

describe('the work of a second', () => {
  let now = 1_000_000;
  const ofSecond = createSecondWork(() => now);
  /** How many requests that take as long as possible get through. */
  function requests(applicationId: string): number {
    for (let count = 0; count < 100; count += 1) {
      const { take } = createRequestWork({ takeOfSecond: ofSecond(applicationId) });
      try {
        take(requestSteps);
      } catch (error) {
        expect(error).toMatchObject({ code: 'rate_limited', headers: { 'retry-after': '1' } });
        return count;
      }
    }
    return 100;
  }

  it('is half of the time of a function for each application, and no more however long it waited', () => {
    const most = Math.floor(stepsPerSecond / requestSteps);
    expect(stepsPerSecond * 10).toBe(500_000_000);
    expect(requests('acme')).toBe(most);
    expect(requests('other')).toBe(most);
    now += 500;
    expect(requests('acme')).toBeLessThanOrEqual(Math.ceil(most / 2));
    now += 60_000;
    expect(requests('acme')).toBe(most);
  });

  it('counts what was needed, not what might have been', () => {
    for (let n = 0; n < 1_000; n += 1) {
      const { take } = createRequestWork({ takeOfSecond: ofSecond('frugal') });
      take(requestSteps)(requestSteps - 10);
    }
  });

  it('does not mind a clock that goes back', () => {
    requests('back');
    now -= 10_000;
    expect(requests('back')).toBe(0);
    now += 1_000;
    expect(requests('back')).toBeGreaterThan(0);
  });
});
