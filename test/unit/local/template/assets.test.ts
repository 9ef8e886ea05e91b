import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeOf, readAssets } from '#local/template/assets.ts';
import { readTemplate } from '#local/template/template.ts';

describe('a cloud assembly', () => {
  it("leads from a function's code to the directory of its asset", async () => {
    const assembly = await mkdtemp(join(tmpdir(), 'assembly-'));
    try {
      const files = {
        abc: {
          source: { path: 'asset.abc' },
          destinations: { here: { objectKey: 'abc.zip', bucketName: 'b' } },
        },
      };
      await writeFile(join(assembly, 'S.assets.json'), JSON.stringify({ files }));
      await writeFile(join(assembly, 'S.template.json'), JSON.stringify({ Resources: {} }));
      const assets = await readAssets(assembly, 'S');
      const code = (Code: object) =>
        codeOf('F', { Type: 'AWS::Lambda::Function', Properties: { Code } }, assets);
      expect(code({ S3Key: 'abc.zip' })).toEqual({ kind: 'directory', path: join(assembly, 'asset.abc') });
      expect(code({ ZipFile: 'exports.x = 1' })).toEqual({ kind: 'inline', source: 'exports.x = 1' });
      expect(() => code({ S3Key: 'gone.zip' })).toThrow(/F: its code .*gone\.zip/);
      expect(await readTemplate(assembly, 'S')).toEqual({ Resources: {} });
    } finally {
      await rm(assembly, { recursive: true });
    }
  });
});
