import { readFileSync, writeFileSync } from 'node:fs';
import { propsSource, withSettingsTable } from '#lib/settings/settings-documents.ts';

const document = new URL('../docs/settings.md', import.meta.url);
writeFileSync(document, withSettingsTable(readFileSync(document, 'utf8')));
writeFileSync(new URL('../lib/hook0-props.ts', import.meta.url), propsSource());
