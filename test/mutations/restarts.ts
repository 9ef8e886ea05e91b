import { breaking } from './mutation.ts';

const neverAgain = 'an endpoint that has had an event > does not get it again by a';

export const oneGeneration = breaking('dead letters: one new generation, however it is asked for', [
  {
    breaks: 'a request to restart an older generation makes one more',
    symbol: 'restartRequested',
    from: 'delivery.generation !== fact.generation ||',
    to: '',
    test: 'starting a delivery again > leaves what another generation',
  },
  {
    breaks: 'a dead letter restarts a delivery that has died again since',
    symbol: 'redriveLetter',
    from: 'if (delivery.generation !== letter.generation) return;',
    to: '',
    test: 'a dead letter that was moved to the redrive queue > does nothing for one that is dead in a later',
  },
  {
    breaks: 'a redrive by the API and one by the queue at the same time make two generations',
    symbol: 'redriveLetter',
    from: 'if (delivery.generation !== letter.generation) return;',
    to: '',
    test: 'a redrive by both ways that fails again > ends',
  },
  {
    breaks: 'a redrive restarts a delivery that is not dead',
    symbol: 'redrivable',
    from: "['dead']",
    to: "['dead', 'succeeded']",
    test: 'what may be started again > by a redrive is dead',
  },
  {
    breaks: 'a step that is repeated after a crash restarts once more what it had restarted',
    symbol: 'askedAt',
    from: 'hasMovedSince(delivery, at) ? []',
    to: 'hasMovedSince(delivery, at) ? renewable(delivery)',
    test: 'a replay by name > ends the same when any one effect dies after',
  },
]);

export const onlyByName = breaking('an endpoint that has had an event gets it again only by name', [
  {
    breaks: 'a recover restarts deliveries that succeeded',
    symbol: 'recoverable',
    from: "if (state.status === 'dead') return ['dead'];",
    to: "if (state.status === 'dead' || state.status === 'succeeded') return [state.status];",
    test: `${neverAgain} recover`,
  },
  {
    breaks: 'a replay goes to all endpoints that the event matched',
    symbol: 'replayDelivery',
    from: 'retryable(now, byName)',
    to: 'retryable(now, true)',
    test: `${neverAgain} replay`,
  },
  {
    breaks: 'a retry that meets a late success sends once more',
    symbol: 'retry.retry',
    from: 'retryable(at, false)',
    to: 'retryable(at, true)',
    test: `${neverAgain} retry`,
  },
  {
    breaks: 'a dead letter that is moved twice restarts a delivery that has succeeded since',
    symbol: 'redrivable',
    from: "['dead']",
    to: "['dead', 'succeeded']",
    test: `${neverAgain} redrive by letters`,
  },
]);
