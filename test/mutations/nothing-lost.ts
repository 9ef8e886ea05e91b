import { breaking } from './mutation.ts';

const whileTaken = 'promise 1: nothing accepted is lost > whatever fails while an event is taken';
const whileDelivered = 'promise 1: nothing accepted is lost > whatever dies while it is delivered';

export const nothingLost = breaking('1: nothing accepted is lost', [
  {
    breaks: 'a delivery that the queue refuses is dropped, and its event is answered 202',
    symbol: 'queueOrHold',
    from: 'holdAll(held, ports)',
    to: 'holdAll(held.slice(1), ports)',
    test: whileTaken,
  },
  {
    breaks: 'an event is answered 202 though a delivery of it could be neither queued nor held',
    symbol: 'holdAll',
    from: 'errors.set(delivery.eventId, error);',
    to: 'if (error === undefined) errors.set(delivery.eventId, error);',
    test: whileTaken,
  },
  {
    breaks: 'an event of a batch is answered as accepted though it could not be stored',
    symbol: 'acceptEvents',
    from: "if (one.kind !== 'stored') return one;",
    to: `if (one.kind === 'failed') return { kind: 'accepted', eventId: String(eventIds[0]), webhookCount: 2 };
    if (one.kind !== 'stored') return one;`,
    test: 'promise 1: nothing accepted is lost > and a batch tells the truth',
  },
  {
    breaks: 'a crash between the state and the dead letter loses the dead letter',
    symbol: 'messageReceived',
    from: "if (state.status === 'dead') return { ...acknowledge, commands: deathCommands(state.reason, state.settledAt) };",
    to: '',
    test: whileDelivered,
  },
  {
    breaks: 'a dead delivery has no dead letter when the answer of the table that stored it was lost',
    symbol: 'unlessOwn',
    from: '!written.applied && written.standing?.[attribute]?.S === mark',
    to: 'false',
    test: 'a delivery is stored although the first answer was lost',
  },
  {
    breaks: 'no index watches a delivery that waits outside the queues',
    symbol: 'watchdogEntryOf',
    from: '{ key: dueKey(shard), at: state.dueAt ?? state.since }',
    to: 'undefined',
    test: whileDelivered,
  },
  {
    breaks: 'a circuit opens before its watch is stored, so that a crash leaves its deliveries held for ever',
    symbol: 'decideAndStore',
    from: "if (event === 'opened') await circuits.watch(referenceOf(record));",
    to: '',
    test: 'a circuit whose functions crash',
  },
  {
    breaks: 'a task that crashes after it stored its state and before it queued its next step never goes on',
    symbol: 'handleStep',
    from: 'if (message.step === task.step - 1 && receiveCount > 1) await ports.queueStep(task, 0);',
    to: '',
    test: 'a redrive task > starts everything once',
  },
  {
    breaks: 'a message that crashes its function vanishes instead of becoming a dead letter',
    symbol: 'setBack',
    from: 'of decision.commands',
    to: 'of decision.commands.slice(1)',
    test: 'a delivery message in quarantine > is dead and has',
  },
  {
    breaks: 'an outage of an hour ends in dead deliveries',
    symbol: 'quarantined',
    from: 'if (wait !== undefined) {',
    to: 'if (wait !== undefined && quarantines < 0) {',
    test: 'trouble of our own that lasts for hours',
  },
  {
    breaks: 'a message that crashes its function is tried for ever',
    symbol: 'quarantined',
    from: 'quarantines: quarantines + 1',
    to: 'quarantines',
    test: 'a message that crashes its function',
  },
  {
    breaks: 'reconcile skips the events of a page that it could not queue',
    symbol: 'queueThose',
    from: 'if (queued.length > 0) await dispatch(queued, false, ports);',
    to: '',
    test: 'reconcile > repeats the page',
  },
  {
    breaks:
      'a repeat of an event of the original API is answered as accepted while the event is still in progress',
    symbol: 'acceptOnce',
    from: 'throw inProgress(error) ?? error;',
    to: 'throw error;',
    test: 'POST /api/v1/event > answers 503, not 409',
  },
  {
    breaks: 'a portion that was in progress when a fan-out crashed counts as sent',
    symbol: 'nextPortion',
    from: 'if (begun > done) return { from: done, to: Math.min(begun, total), isRepeat: true };',
    to: 'if (begun > done) return nextPortion({ ...progress, done: begun, begun, until: 0, revision: 0 }, total);',
    test: 'the fan-out of a wide event > loses nothing',
  },
  {
    breaks: 'a delivery that is held just after its circuit closed stays held',
    symbol: 'recheckHold',
    from: "planHeld(record).kind === 'stay' && !mayProbe(record, ports.now())",
    to: 'true',
    test: 'a hold that is stored just after its circuit closed',
  },
  {
    breaks: 'a stale read cancels the first delivery to a new endpoint',
    symbol: 'endpointOf',
    from: 'takesNothing ? ports.endpoint(endpointId, { consistent: true }) : record',
    to: 'record',
    test: 'a delivery, simulated > is made though reads that need not be consistent take its endpoint',
  },
  {
    breaks: 'a stale read cancels the delivery of a large event that is new',
    symbol: 'contentOf',
    from: 'ports.event(applicationId, eventId, { consistent: true })',
    to: 'undefined',
    test: 'a delivery, simulated > is made though reads that need not be consistent do not see its event',
  },
  {
    breaks: 'one delivery that cannot be released keeps all behind it waiting',
    symbol: 'inParts',
    from: 'failed.length === some.length && areMany',
    to: 'failed.length > 0',
    test: 'a tick of the scheduler > releases what is due behind deliveries',
  },
]);
