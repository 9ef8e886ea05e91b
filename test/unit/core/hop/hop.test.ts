import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hopHeader, mostHops, readHops, stampOf } from '#core/hop/hop.ts';
import { checkEndpointHeaders, checkSignatureHeader } from '#core/outbound/header-rules.ts';

describe('the hop header', () => {
  it('counts one more webhook at each deployment, until the sixth request is refused', () => {
    let hops = readHops(undefined);
    for (let hop = 1; hop <= mostHops; hop += 1) {
      hops = readHops(stampOf(hops, `deployment-${hop}`));
      expect(hops).toBe(hop);
    }
    expect(() => readHops(stampOf(hops, 'Hook0'))).toThrow(
      expect.objectContaining({ code: 'loop_detected', status: 508, field: 'x-hook0-hops' }),
    );
  });

  it.each([
    ['3', 3],
    [' 3 ;deployment="a;b"; later=1', 3],
    ['1; deployment="a", 4; deployment="b", 2', 4],
    ['0', 0],
  ])('%j counts as %i', (header, hops) => {
    expect(readHops(header)).toBe(hops);
  });

  it.each(['', ' ', 'a', '-1', '1.5', '1e9', '1 2', '1,', ', 1', '1; a="b,c"'])(
    '%j is refused as no stamp',
    (header) => {
      expect(() => readHops(header)).toThrow(expect.objectContaining({ code: 'invalid_header' }));
    },
  );

  it('is a count up to five or a problem, whatever the value', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        try {
          const hops = readHops(header);
          expect(hops).toBeGreaterThanOrEqual(0);
          expect(hops).toBeLessThanOrEqual(mostHops);
        } catch (problem) {
          expect(['invalid_header', 'loop_detected']).toContain(Reflect.get(Object(problem), 'code'));
        }
      }),
    );
  });

  it('cannot be set by an endpoint, neither as a header nor as its signature header', () => {
    for (const name of [hopHeader, hopHeader.toLowerCase()]) {
      expect(checkEndpointHeaders({ [name]: '0' })).toMatchObject({ ok: false, code: 'header_refused' });
      expect(checkSignatureHeader(name, {})).toMatchObject({ ok: false, code: 'header_refused' });
    }
  });
});
