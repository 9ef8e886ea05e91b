import { breaking } from './mutation.ts';

export const filterCost = breaking('filters: the work for an event and a request is limited', [
  {
    breaks: 'an expression that is too expensive for one event is saved',
    symbol: 'validate.checkCost',
    from: 'mostSteps(cost) <= filterLimits.steps',
    to: 'mostSteps(cost) > 0',
    test: 'saving a filter > refuses the expression a[ab]{900}[cd]',
  },
  {
    breaks: 'many expensive filters of one event type are saved',
    symbol: 'checkFilterLoad',
    from: 'throw new FiltersTooExpensive(load, mostSteps(route.cost));',
    to: '',
    test: 'refuses filters that one event could not pass in time',
  },
  {
    breaks: 'filters of wildcards do not count for the types that they cover',
    symbol: 'filterLoad',
    from: 'patternsCovering(aTypeOf(pattern))',
    to: '[pattern]',
    test: 'the load of filters > counts what one event may meet: types and all that cover them',
  },
  {
    breaks: 'filters of different customers are refused as if one event met all of them',
    symbol: 'filter-load.add',
    from: 'const selector = lookupOf(route);',
    to: 'const selector = undefined as ReturnType<typeof lookupOf>;',
    test: 'the load of filters > counts what one event may meet: endpoints of different customers',
  },
  {
    breaks: 'a text of 256 KB is searched for each endpoint',
    symbol: 'comparison.isSearched',
    from: '&& value.length <= filterLimits.searched',
    to: '',
    test: 'a compiled filter > looks for nothing in texts and arrays that are too long',
  },
  {
    breaks: 'a filter on the timestamp compares texts, and misses times in other zones',
    symbol: 'compileCondition',
    from: 'const isTime = comparesTimes(field, condition.operator);',
    to: 'const isTime = false as boolean;',
    test: 'a compiled filter > compares the timestamp as a time: eq "2026-03-01T21:00:00+09:00"',
  },
  {
    breaks: '30 February is taken for 2 March',
    symbol: 'parseInstant',
    from: '&& dayExists(text)',
    to: '',
    test: 'a time > 2026-02-30T00:00:00Z is not one',
  },
  {
    breaks: 'a batch of expensive events occupies a function until it is killed',
    symbol: 'createRequestWork.take',
    from: 'if (taken + steps > limit) throw tooMuchWork();',
    to: '',
    test: 'the work of a request > is bounded',
  },
  {
    breaks: 'one application keeps all functions busy with its filters',
    symbol: 'createSecondWork',
    from: 'if (steps > own.steps) throw tooManyEvents(steps - own.steps);',
    to: '',
    test: 'the work of a second > is half of the time',
  },
  {
    breaks: 'no deadline can end a batch while its events are matched',
    symbol: 'createRequestWork.inTurn',
    from: 'if (!isFirst) await pause();',
    to: '',
    test: 'the work of a request > pauses between events',
  },
]);
