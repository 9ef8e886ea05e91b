import packageJson from '../package.json' with { type: 'json' };
import { type OpenapiDocument, openapiDocument } from './document.ts';
import { operations } from './operations.ts';
import { allRoutes } from './routes.ts';

/** The document of this source tree. */
export const currentDocument = (): OpenapiDocument =>
  openapiDocument(allRoutes(), operations, packageJson.version);

/** The text of docs/openapi.json. */
export const documentText = (): string => `${JSON.stringify(currentDocument(), undefined, 1)}\n`;
