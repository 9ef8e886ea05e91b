import type { Mutation } from './mutation.ts';

const halfOpen = (name: string) => ({ file: 'test/simulation/half-open.test.ts', name });
const oneGeneration = 'dead letters: one new generation, however it is asked for';
const once = 'idempotency: one event for one key';
const onlyByName = 'an endpoint that has had an event gets it again only by name';
const deletedIsGone = 'a deleted event is gone';
const noBurst = 'a recovered endpoint gets what was held oldest first, in steps';
const announcedOnce = 'what happens to an endpoint is announced at least once';
const everyCrash = (name: string) => ({ file: 'test/simulation/every-crash.test.ts', name });

/** What holds when something fails, repeats or is deleted. */
export const failureMutations: readonly Mutation[] = [
  {
    promise: once,
    breaks: 'who takes over makes new events',
    file: 'lambdas/core/idempotency/decide.ts',
    old: 'const record = { ...standing, revision',
    new: 'const record = { ...standing, eventIds, revision',
    test: {
      file: 'test/simulation/idempotency.test.ts',
      name: 'posting an event with a key > makes each event',
    },
  },
  {
    promise: once,
    breaks: 'who takes over lets deliver send without looking',
    file: 'lambdas/ingest/accept.ts',
    old: "return event && { kind: 'stored', event, endpoints: event.endpoints, first: false };",
    new: "return event && { kind: 'stored', event, endpoints: event.endpoints, first: true };",
    test: {
      file: 'test/simulation/idempotency.test.ts',
      name: 'posting an event with a key > makes each event',
    },
  },
  {
    promise: once,
    breaks: 'who takes over matches anew what is stored already',
    file: 'lambdas/ingest/accept.ts',
    old: '(repeat && (await earlier(applicationId, id, ports))) ||',
    new: '(repeat && false) ||',
    test: {
      file: 'test/simulation/idempotency.test.ts',
      name: 'posting a wide event with a key > keeps the endpoints',
    },
  },
  {
    promise: once,
    breaks: 'a key that is in use may be used again',
    file: 'lambdas/core/idempotency/decide.ts',
    old: '  if (standing.leaseUntil > now) {',
    new: '  if (standing.leaseUntil > now + 1_000_000) {',
    test: { file: 'test/unit/idempotency-once.test.ts', name: 'doing it once > makes one of a hundred work' },
  },
  {
    promise: once,
    breaks: 'another body gets the answer of the first',
    file: 'lambdas/core/idempotency/decide.ts',
    old: "  if (standing.requestHash !== requestHash) return { kind: 'reused' };\n",
    new: '',
    test: { file: 'test/unit/idempotency-once.test.ts', name: 'doing it once > refuses another body' },
  },
  {
    promise: oneGeneration,
    breaks: 'whoever asks for an older generation gets one more',
    file: 'lambdas/core/delivery/decide.ts',
    old: 'delivery.generation !== fact.generation || ',
    new: '',
    test: {
      file: 'test/unit/renew.test.ts',
      name: 'starting a delivery again > leaves what another generation',
    },
  },
  {
    promise: oneGeneration,
    breaks: 'a dead letter starts what died again since',
    file: 'lambdas/redrive/start-again.ts',
    old: "  if (delivery.generation !== letter.generation) return 'skipped';\n",
    new: '',
    test: {
      file: 'test/unit/redrive.test.ts',
      name: 'a dead letter that was moved to the redrive queue > does nothing for one that is dead in a later',
    },
  },
  {
    promise: oneGeneration,
    breaks: 'a redrive starts what is not dead',
    file: 'lambdas/core/delivery/renew.ts',
    old: "() => ['dead'];",
    new: "() => ['dead', 'succeeded'];",
    test: { file: 'test/unit/renew.test.ts', name: 'what may be started again > by a redrive is dead' },
  },
  {
    promise: onlyByName,
    breaks: 'a recovery starts whatever the endpoint has',
    file: 'lambdas/core/delivery/renew.ts',
    old: "  if (state.status === 'dead') return ['dead'];",
    new: "  if (state.status === 'dead' || state.status === 'succeeded') return [state.status];",
    test: {
      file: 'test/unit/never-again.test.ts',
      name: 'an endpoint that has had an event > does not get it again by a recover',
    },
  },
  {
    promise: onlyByName,
    breaks: 'a replay goes to all that the event matched',
    file: 'lambdas/redrive/start-again.ts',
    old: 'retryable(now, byName)',
    new: 'retryable(now, true)',
    test: {
      file: 'test/unit/never-again.test.ts',
      name: 'an endpoint that has had an event > does not get it again by a replay',
    },
  },
  {
    promise: onlyByName,
    breaks: 'a retry that meets a late success sends once more',
    file: 'lambdas/control/retry.ts',
    old: 'retryable(at, false)',
    new: 'retryable(at, true)',
    test: {
      file: 'test/unit/never-again.test.ts',
      name: 'an endpoint that has had an event > does not get it again by a retry',
    },
  },
  {
    promise: onlyByName,
    breaks: 'a dead letter that is moved twice starts what succeeded meanwhile',
    file: 'lambdas/core/delivery/renew.ts',
    old: "export const redrivable: Renewable = () => ['dead'];",
    new: "export const redrivable: Renewable = () => ['dead', 'succeeded'];",
    test: {
      file: 'test/unit/never-again.test.ts',
      name: 'an endpoint that has had an event > does not get it again by a redrive by letters',
    },
  },
  {
    promise: deletedIsGone,
    breaks: 'its payload stays in the table',
    file: 'lambdas/adapters/dynamodb/events/event-store.ts',
    old: '      await bury(applicationId, left, ttl);\n      return left;',
    new: '      return left;',
    test: {
      file: 'test/contract/control-recovery.test.ts',
      name: 'DELETE /api/events/{id} > of a wide event is a task',
    },
  },
  {
    promise: once,
    breaks: 'a repeat with another time is told that its event was accepted, whether or not it was',
    file: 'lambdas/ingest/v1.ts',
    old: 'requestHash: hashRequest(request.path, key)',
    new: 'requestHash: hashRequest(request.path, request.body.content)',
    test: {
      file: 'test/unit/hook0-v1-ingest.test.ts',
      name: 'POST /api/v1/event > accepts an event_id once',
    },
  },
  {
    promise: oneGeneration,
    breaks: 'a step that is repeated after a crash starts once more what it had started',
    file: 'lambdas/core/delivery/renew.ts',
    old: '    hasMovedSince(delivery, at) ? [] : renewable(delivery);',
    new: '    hasMovedSince(delivery, at) ? renewable(delivery) : renewable(delivery);',
    test: everyCrash('a replay by name > ends the same when any one effect dies after'),
  },
  {
    promise: announcedOnce,
    breaks: 'nobody hears that a delivery ended in the line of a rate limit, if a function crashed then',
    file: 'lambdas/core/delivery/decide.ts',
    old: "if (state.status === 'cancelled' && state.reason === 'expired') return expiryTold;",
    new: '',
    test: {
      file: 'test/simulation/rate-limit.test.ts',
      name: 'a delivery that would wait in line for more than 14 days > is cancelled',
    },
  },
  {
    promise: announcedOnce,
    breaks: 'an opening that was cut off before it was announced stays unknown',
    file: 'lambdas/scheduler/endpoint.ts',
    old: '  if (event) await ports.announce(event);\n',
    new: '',
    test: everyCrash('a circuit that opens, is probed and closes > ends the same when any one effect dies'),
  },
  {
    promise: announcedOnce,
    breaks: 'a crash after a hold has expired leaves it unknown',
    file: 'lambdas/core/delivery/release.ts',
    old: "  await tell(store);\n  return (await deliveries.store(store)) === 'stored' ? store : undefined;",
    new: "  if ((await deliveries.store(store)) !== 'stored') return undefined;\n  await tell(store);\n  return store;",
    test: everyCrash('a hold that takes too long > ends the same when any one effect dies'),
  },
  {
    promise: deletedIsGone,
    breaks: 'a crash while deliveries are ended leaves some of them going',
    file: 'lambdas/control/delete-event.ts',
    old: '    await endAll(applicationId, event);\n    await events.erased(applicationId, event);',
    new: '    await events.erased(applicationId, event);\n    await endAll(applicationId, event);',
    test: everyCrash('an event that is deleted while it is retried > ends the same when any one effect dies'),
  },
  {
    promise: noBurst,
    breaks: 'all that was held goes out at once',
    file: 'lambdas/core/circuit/drain.ts',
    old: 'Math.min(longestSize, progress.size * 2)',
    new: 'longestSize',
    test: halfOpen('a recovered endpoint > gets what was held oldest first'),
  },
  {
    promise: noBurst,
    breaks: 'the next step does not wait for the answers to the one before',
    file: 'lambdas/core/circuit/drain.ts',
    old: '  if (last !== undefined && isUnderWay(last, now))',
    new: '  if (last !== undefined && isUnderWay(last, now) && passed < 0)',
    test: { file: 'test/unit/drain.test.ts', name: 'the steps of a drain' },
  },
  {
    promise: 'drains: what is held gets out',
    breaks: 'one delivery that cannot be read keeps all others held',
    file: 'lambdas/core/circuit/drain.ts',
    old: 'progress !== undefined && now - progress.at < longestWait ? progress.last : undefined;',
    new: 'progress?.last;',
    test: { file: 'test/unit/drain-steps.test.ts', name: 'a drain > waits for a last delivery' },
  },
  {
    promise: noBurst,
    breaks: 'the newest goes out first',
    file: 'lambdas/core/circuit/drain.ts',
    old: '.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1))',
    new: '.toSorted((a, b) => (a.eventId > b.eventId ? -1 : 1))',
    test: halfOpen('a recovered endpoint > gets what was held oldest first'),
  },
  {
    promise: oneGeneration,
    breaks: 'a redrive by the API and by the queue at once starts two',
    file: 'lambdas/redrive/start-again.ts',
    old: "  if (delivery.generation !== letter.generation) return 'skipped';",
    new: '',
    test: everyCrash('a redrive by both ways that fails again > ends'),
  },
  {
    promise: deletedIsGone,
    breaks: 'a message that carries the payload sends it long after',
    file: 'lambdas/deliver/record.ts',
    old: 'received.receiveCount === 1 && isNew;',
    new: 'received.receiveCount === 1;',
    test: {
      file: 'test/simulation/deleted-event.test.ts',
      name: 'a delivery of a deleted event > is not attempted by a first message',
    },
  },
  {
    promise: deletedIsGone,
    breaks: 'an event that is deleted within its delay of less than a minute is delivered',
    file: 'lambdas/core/delivery/dispatch.ts',
    old: 'carried, first && delay === 0)',
    new: 'carried, first)',
    test: { file: 'test/unit/accept.test.ts', name: 'a delay > lets deliver look before it sends' },
  },
  {
    promise: deletedIsGone,
    breaks: 'what endpoints answered, and may repeat of it, stays with its deliveries',
    file: 'lambdas/core/delivery/end-with-event.ts',
    old: 'attempts: next.attempts.map(withoutAnswer)',
    new: 'attempts: next.attempts',
    test: {
      file: 'test/simulation/deleted-event.test.ts',
      name: 'a delivery of a deleted event > keeps how it ended',
    },
  },
];
