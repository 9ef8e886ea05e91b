import { choiceParameter, type Query } from '#adapters/http-api/query.ts';

export const dryRunParameter = choiceParameter(
  'dryRun',
  ['true', 'false'],
  'true: creates nothing. 204 means that the request is valid; otherwise the answer is the problem. The limits of the application are not checked.',
);

export const isDryRun = (query: Query): boolean => dryRunParameter.read(query) === 'true';
