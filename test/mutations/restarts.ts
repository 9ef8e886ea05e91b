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
    breaks: 'a redrive that is asked for twice at the same time starts once more what has died since',
    symbol: 'askedAt',
    from: 'hasMovedSince(delivery, at) ? []',
    to: 'hasMovedSince(delivery, at) ? restartable(delivery)',
    test: 'what was asked for at a time > is told by what died since',
  },
  {
    breaks:
      'a step that is repeated after a crash restarts once more what it had restarted, if clocks differ',
    symbol: 'isRestartedBy',
    from: 'earlier.some((one) => one.taskId === taskId)',
    to: 'earlier.length > 9',
    test: 'a task whose clock is ahead restarts a delivery once',
  },
  {
    breaks: 'a redriven delivery outlives its event, and ends as if the event had been deleted',
    symbol: 'outlives',
    from: 'keepEvent(applicationId, eventId, now)',
    to: 'true',
    test: 'a delivery that is redriven late has its event until it ends',
  },
  {
    breaks: 'a redrive that crashes before it sent its message waits for a quarter of an hour',
    symbol: 'watchdogEntryOf',
    from: 'state.restarted ? restartMargin : watchMargin',
    to: 'watchMargin',
    test: 'a redrive that crashed between state and message',
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
