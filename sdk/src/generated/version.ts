// Made by `npm run sdk:types`. Do not edit.

/** This package's version. */
export const version = '0.1.0';
