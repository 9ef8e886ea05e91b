// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub's own placeholders
import { describe, expect, it } from 'vitest';
import { creationOrder } from '#local/template/order.ts';

describe('creationOrder', () => {
  const order = (resources: Record<string, object>) =>
    creationOrder({
      Resources: Object.fromEntries(
        Object.entries(resources).map(([id, own]) => [id, { Type: 'T', ...own }]),
      ),
    });

  it('puts each resource after those it names, in whatever way', () => {
    const resources = {
      A: { Properties: { x: { 'Fn::Sub': '${B.Arn}' } } },
      B: { Properties: { x: [{ 'Fn::GetAtt': ['C', 'Arn'] }] } },
      C: { DependsOn: ['D'] },
      D: { Properties: { x: { 'Fn::If': ['Never', { Ref: 'E' }, { Ref: 'AWS::NoValue' }] } } },
      E: {},
      F: { DependsOn: 'A' },
    };
    expect(order(resources)).toEqual(['E', 'D', 'C', 'B', 'A', 'F']);
  });

  it('names a circle', () => {
    const resources = {
      A: { DependsOn: 'B' },
      B: { Properties: { x: { Ref: 'C' } } },
      C: { DependsOn: 'B' },
    };
    expect(() => order(resources)).toThrow('B -> C -> B');
  });

  it('names a dependency that does not exist', () => {
    expect(() => order({ A: { DependsOn: 'Gone' } })).toThrow('A depends on Gone');
  });
});
