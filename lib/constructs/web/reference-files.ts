import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const { resolve } = createRequire(import.meta.url);
const ours = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** The files of `/docs` and `/api/openapi.json`: their paths beside the code of the web function, and where each is copied from. */
export const referenceFiles: Readonly<Record<string, string>> = {
  'reference/openapi.json': ours('docs/openapi.json'),
  'reference/index.html': ours('lambdas/web/reference/index.html'),
  'reference/start.js': ours('lambdas/web/reference/start.js'),
  'reference/swagger-ui-bundle.js': resolve('swagger-ui-dist/swagger-ui-bundle.js'),
  'reference/swagger-ui-bundle.js.LICENSE.txt': resolve('swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt'),
  'reference/swagger-ui.css': resolve('swagger-ui-dist/swagger-ui.css'),
};
