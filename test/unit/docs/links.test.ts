import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const pages = execFileSync('git', ['ls-files', '-z', '--', '*.md'], { cwd: fileURLToPath(root) })
  .toString()
  .split('\0')
  .filter((path) => path !== '' && existsSync(new URL(path, root)));

const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '');

/** The anchors that GitHub gives to the headings of a page. */
const anchorsOf = (page: string): string[] =>
  [...withoutCode(read(page)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Links to files of this repository, as paths from its root. */
const linksOf = (page: string) =>
  [...withoutCode(read(page)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(
    ([link, path = '', anchor]) => ({
      link,
      target: path === '' ? page : new URL(path, new URL(page, root)).href.slice(root.href.length),
      anchor,
    }),
  );

const linked = (page: string): string[] => linksOf(page).map(({ target }) => target);
const inFolder = (folder: string): string[] =>
  readdirSync(new URL(folder, root)).flatMap((name) => (name.endsWith('.md') ? `${folder}/${name}` : []));

describe('the documentation', () => {
  it.each(pages)('%s links only to what exists', (page) => {
    const broken = linksOf(page).filter(
      ({ target, anchor }) =>
        !existsSync(new URL(target, root)) || (anchor !== undefined && !anchorsOf(target).includes(anchor)),
    );
    expect(broken.map(({ link }) => link)).toEqual([]);
  });

  it.each(pages)('%s names only scripts and test files that exist', (page) => {
    const { scripts } = JSON.parse(read('package.json'));
    const missing = [
      ...read(page).matchAll(/npm run ([a-z0-9:-]+)|`([a-z]+\/[\w/.-]*(?:\.ts|\.mjs|\/))`/g),
    ].filter(([, script, path]) =>
      script === undefined ? !existsSync(new URL(path ?? '', root)) : !(script in scripts),
    );
    expect(missing.map(([text]) => text)).toEqual([]);
  });

  it('has an index that leads to every page', () => {
    const documents = inFolder('docs').filter((page) => page !== 'docs/README.md');
    expect(linked('docs/README.md')).toEqual(expect.arrayContaining(documents));
    expect(linked('README.md')).toContain('docs/README.md');
  });
});
