import { breaking } from './mutation.ts';

const wideEvent = 'the fan-out of a wide event >';

export const oncePerEndpoint = breaking('fan-out: each endpoint once, whatever crashes', [
  {
    breaks: 'a fan-out that crashed starts from the beginning',
    symbol: 'handleSegment',
    from: 'nextPortion(standing, endpoints.length)',
    to: 'nextPortion(standing && { ...standing, done: 0 }, endpoints.length)',
    test: `${wideEvent} sends no more than one portion twice`,
  },
  {
    breaks: 'two functions fan out the same segment at the same time',
    symbol: 'handleSegment',
    from: 'if (standing !== undefined && standing.until > ports.now()) return { busyUntil: standing.until };',
    to: '',
    test: `${wideEvent} is left to the function that is working on it`,
  },
  {
    breaks: 'what an interrupted fan-out may have sent is sent again without a look at the item',
    symbol: 'handleSegment',
    from: '!portion.isRepeat &&',
    to: '',
    test: `${wideEvent} makes no second request when it fails`,
  },
]);
