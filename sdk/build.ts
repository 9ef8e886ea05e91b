// Builds dist/: each source as an ES module and as CommonJS, each with its declarations. The command is an ES module only.
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));
const dist = `${folder}dist`;

rmSync(dist, { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.json'], { cwd: folder, stdio: 'inherit' });

/** Relative imports, of modules and of types. */
const imports = /(?<=\b(?:from|import|require)\s*\(?\s*["'])(\.{1,2}\/[^"']+)\.(?:ts|js)(?=["'])/g;
const read = (name: string): string => readFileSync(`${dist}/${name}`, 'utf8');
const write = (name: string, text: string): void => writeFileSync(`${dist}/${name}`, text);
const isCommand = (name: string): boolean => /^(?:cli|import)(?:\/|\.)/.test(name);

for (const name of globSync('**/*.d.ts', { cwd: dist })) {
  const text = read(name);
  // TypeScript leaves `.ts` in the imports of declarations, where older versions do not accept it.
  write(name, text.replaceAll(imports, '$1.js'));
  if (!isCommand(name)) write(name.replace(/\.ts$/, '.cts'), text.replaceAll(imports, '$1.cjs'));
}
for (const name of globSync('**/*.js', { cwd: dist }).filter((one) => !isCommand(one))) {
  const { code } = transformSync(read(name), { format: 'cjs', platform: 'node', target: 'es2022' });
  write(name.replace(/\.js$/, '.cjs'), code.replaceAll(imports, '$1.cjs'));
}
