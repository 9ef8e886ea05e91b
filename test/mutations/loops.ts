import { breaking } from './mutation.ts';

export const loopsEnd = breaking('loops end', [
  {
    breaks: 'the API accepts what any number of webhooks led to',
    symbol: 'readHops',
    from: 'hops > mostHops',
    to: 'hops > 1_000_000',
    test: 'the hop header > counts one more',
  },
  {
    breaks: 'an event forgets that a webhook brought it',
    symbol: 'encodeEvent',
    from: 'event.hops || undefined',
    to: 'undefined',
    test: 'the items of an event keep their form > while it is there',
  },
  {
    breaks: 'a message forgets that a webhook brought its event',
    symbol: 'carryEvent',
    from: 'payload, hops: event.hops',
    to: 'payload',
    test: 'a loop > of events whose payloads are events',
  },
  {
    breaks: 'events replay each other without end',
    symbol: 'restartRequested',
    from: 'hops: fact.hops',
    to: 'hops: 0',
    test: 'a loop > through retry carries',
  },
  {
    breaks: 'a task forgets that a webhook asked for it',
    symbol: 'redriveDelivery',
    from: ', hops: task.hops',
    to: '',
    test: 'a loop > through redrive carries',
  },
  {
    breaks: 'a delivery that was refused as a loop is tried nine more times',
    symbol: 'outcomeOf',
    from: 'statusCode === 508 && !retryableStatuses.includes(508)',
    to: 'false',
    test: 'an answer > of 508',
  },
  {
    breaks: 'an endpoint may point at the API by another spelling of its host',
    symbol: 'serverOf',
    from: 'const host = hostOf(url);',
    to: 'const host = text;',
    test: 'a URL leads to this API > as https://ABC',
  },
  {
    breaks: 'an endpoint may be changed to point at the API',
    symbol: 'refuseOwnHost',
    from: '[...ownHosts, requestHost]',
    to: '[]',
    test: 'an endpoint at the API itself > is refused',
  },
]);
