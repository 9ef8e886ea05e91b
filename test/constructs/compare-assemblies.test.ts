import { describe, expect, it } from 'vitest';
import { compareAssemblies, type SynthesizedAssembly } from '#lib/compare-assemblies.ts';

function assembly(hash: string, files: Record<string, string>, memory = 256): SynthesizedAssembly {
  const code = { S3Key: `${hash}.zip` };
  return {
    template: { Resources: { Api: { Type: 'AWS::Lambda::Function', Properties: { Code: code, memory } } } },
    assets: new Map([[hash, new Map(Object.entries(files))]]),
  };
}

const before = assembly('aaa', {
  'index.mjs': 'import"./chunk-AAAAAAAA.mjs";let a=1;let b=2;',
  'chunk-AAAAAAAA.mjs': 'x()',
});

describe('whether two assemblies are the same', () => {
  it('takes chunks and assets whose hashes alone differ for the same', () => {
    const renamed = assembly('bbb', {
      'index.mjs': 'import"./chunk-BBBBBBBB.mjs";let a=1;let b=2;',
      'chunk-BBBBBBBB.mjs': 'x()',
    });
    expect(compareAssemblies(before, renamed)).toEqual([]);
  });

  it('takes statements in another order and with other short names for the same', () => {
    const chunk = { 'chunk-AAAAAAAA.mjs': 'x()' };
    const moved = assembly('bbb', { 'index.mjs': 'import"./chunk-AAAAAAAA.mjs";let c=2;let d=1;', ...chunk });
    expect(compareAssemblies(before, moved)).toEqual([]);
  });

  it('names statements that changed and properties of the template', () => {
    const chunk = { 'chunk-AAAAAAAA.mjs': 'x()' };
    const changed = (index: string, memory?: number) =>
      compareAssemblies(before, assembly('bbb', { 'index.mjs': index, ...chunk }, memory));
    expect(changed('import"./chunk-AAAAAAAA.mjs";let a=1;let b=3;')).toEqual([
      'bundle Api: 1 statements gone (_=2), 1 new (_=3)',
    ]);
    expect(changed('import"./chunk-AAAAAAAA.mjs";let a=1;let b=2;', 512)).toEqual([
      'template.Resources.Api.Properties.memory: was 256, is 512',
    ]);
  });

  it('names functions that came and went', () => {
    const none: SynthesizedAssembly = { template: { Resources: {} }, assets: new Map() };
    expect(compareAssemblies(before, none)[0]).toBe('bundle Api: gone');
    expect(compareAssemblies(none, before)[0]).toBe('bundle Api: new');
  });
});
