import { breaking } from './mutation.ts';

const cost = 'what an event may cost >';

export const filterCost = breaking(
  'filters: the work for an event is limited, and cheap filters come first',
  [
    {
      breaks: 'an old filter searches a large event for seconds',
      symbol: 'compileCondition',
      from: 'budget.spendOnSearch(source, expression, actual.length)',
      to: 'budget.spend(1)',
      test: `${cost} leaves out an old filter`,
    },
    {
      breaks: 'an expression that is too expensive for one event is saved',
      symbol: 'validate.refusal',
      from: 'if (steps > left) return [tooExpensive(value, path, steps, left)];',
      to: '',
      test: 'saving a filter > refuses the expression a[ab]{900}[cd]',
    },
    {
      breaks: 'an endpoint with a cheap filter misses an event because other filters used all steps',
      symbol: 'evaluateFilters',
      from: 'let limit = stepsForEach * growth',
      to: 'let limit: number = filterLimits.steps',
      test: `${cost} takes nothing from cheap filters for expensive ones`,
    },
    {
      breaks: 'an endpoint is left out without a report',
      symbol: 'routing-index.match',
      from: 'onTooExpensive(tooExpensive.map(({ match }) => match.endpointId))',
      to: '{}',
      test: `${cost} leaves out an old filter`,
    },
  ],
);
