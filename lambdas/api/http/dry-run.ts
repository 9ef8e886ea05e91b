import { choiceParameter, type Query } from '#adapters/http-api/query.ts';

export const dryRunParameter = choiceParameter(
  'dryRun',
  ['true', 'false'],
  'true: nothing is created. 204 says that it would be, a problem what it would be refused for. How many an application may have is not looked at.',
);

export const isDryRun = (query: Query): boolean => dryRunParameter.read(query) === 'true';
