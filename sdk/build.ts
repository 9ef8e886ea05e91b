// Builds dist/: each source as an ES module and as CommonJS, each with its declarations. The command is one bundle, with
// the libraries that it uses, so that the package depends on nothing.
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile, transformSync } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));
const dist = `${folder}dist`;

rmSync(dist, { recursive: true, force: true });
execFileSync('tsc', ['-p', 'tsconfig.json'], { cwd: folder, stdio: 'inherit' });

/** Relative imports, of modules and of types. */
const imports = /(?<=\b(?:from|import|require)\s*\(?\s*["'])(\.{1,2}\/[^"']+)\.(?:ts|js)(?=["'])/g;
const read = (name: string): string => readFileSync(`${dist}/${name}`, 'utf8');
const write = (name: string, text: string): void => writeFileSync(`${dist}/${name}`, text);

// `tsc` has checked the command. Its modules are replaced by the bundle.
for (const name of globSync('{cli,import,export,cli.*}', { cwd: dist }))
  rmSync(`${dist}/${name}`, { recursive: true });

for (const name of globSync('**/*.d.ts', { cwd: dist })) {
  const text = read(name);
  // TypeScript leaves `.ts` in the imports of declarations, where older versions do not accept it.
  write(name, text.replaceAll(imports, '$1.js'));
  write(name.replace(/\.ts$/, '.cts'), text.replaceAll(imports, '$1.cjs'));
}
for (const name of globSync('**/*.js', { cwd: dist })) {
  const { code } = transformSync(read(name), { format: 'cjs', platform: 'node', target: 'es2022' });
  write(name.replace(/\.js$/, '.cjs'), code.replaceAll(imports, '$1.cjs'));
}

const { metafile } = buildSync({
  absWorkingDir: folder,
  entryPoints: ['src/cli.ts'],
  outfile: 'dist/cli.js',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  metafile: true,
  banner: {
    // For libraries that are CommonJS.
    js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
  },
});
write('THIRD-PARTY-LICENSES.txt', licencesOf(metafile));

/** The licences of the libraries in the bundle, which ask to be passed on. */
function licencesOf({ inputs }: Metafile): string {
  const roots = Object.keys(inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? [],
  );
  return [...new Set(roots)]
    .sort()
    .map((root) => {
      const { name, version, license, author, homepage } = JSON.parse(
        readFileSync(join(folder, root, 'package.json'), 'utf8'),
      );
      const file = ['LICENSE', 'LICENSE.md', 'license']
        .map((one) => join(folder, root, one))
        .find(existsSync);
      const text =
        file === undefined ? `${license}, ${author}, ${homepage}` : readFileSync(file, 'utf8').trim();
      return `${name} ${version}\n\n${text}\n`;
    })
    .join('\n');
}
