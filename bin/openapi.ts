import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { documentText } from '#openapi/committed.ts';

writeFileSync(fileURLToPath(new URL('../docs/openapi.json', import.meta.url)), documentText());
