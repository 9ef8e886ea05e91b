import { createRequire } from 'node:module';

const { version: text }: { version: string } = createRequire(import.meta.url)('../package.json');

/** This package's version. */
export const version = text;
