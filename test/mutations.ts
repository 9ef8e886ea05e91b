/** A small change of the source that breaks a promise, and the test that must notice. */
export interface Mutation {
  readonly promise: string;
  /** What the change does, in the words of somebody it hurts. */
  readonly breaks: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly old: string;
  readonly new: string;
  /** The test's file, and the start of its full name: describe blocks and title, with ` > ` between them. */
  readonly test: { readonly file: string; readonly name: string };
}

const promises = (name: string) => ({ file: 'test/simulation/promises.test.ts', name });
const halfOpen = (name: string) => ({ file: 'test/simulation/half-open.test.ts', name });
const eventTypes = (name: string) => ({ file: 'test/contract/event-types.test.ts', name });
const rotating = (name: string) => ({ file: 'test/contract/control-rotation.test.ts', name });
const nothingLost = '1: nothing accepted is lost';
const recognisable = '2: at least once, recognisably';
const waitIsNoAttempt = '3: a wait is not an attempt';
const neverEarly = '4: never early';
const oneProbe = '5: one probe';
const noForbiddenAddress = '7: no forbidden address';
const bytesKept = '8: bytes are kept';
const secretsSecret = '9: secrets stay secret';
const whatDeploys = '10: what runs here is what deploys';
const oneGeneration = 'dead letters: one new generation, however it is asked for';
const once = 'idempotency: one event for one key';
const onlyByName = 'an endpoint that has had an event gets it again only by name';
const deletedIsGone = 'a deleted event is gone';
const countedOnce = 'statistics: every change counts once';
const rotation = 'rotation: a secret signs until its overlap ends, and no longer';
const schemas = 'event types: a payload that breaks its schema is refused';
const isolated = 'tenants: foreign things are not there';
const bounded = 'tenants: limits and rates hold';
const takenDown = 'tenants: what is removed is gone';
const noBurst = 'a recovered endpoint gets what was held oldest first, in steps';
const announcedOnce = 'what happens to an endpoint is announced at least once';
const everyCrash = (name: string) => ({ file: 'test/simulation/every-crash.test.ts', name });
const oncePerEndpoint = 'fan-out: each endpoint once, whatever crashes';
const fanOut = (name: string) => ({
  file: 'test/simulation/fan-out.test.ts',
  name: `the fan-out of a wide event > ${name}`,
});

export const mutations: readonly Mutation[] = [
  {
    promise: nothingLost,
    breaks: 'what the queue refuses is dropped and answered 202',
    file: 'lambdas/core/delivery/dispatch.ts',
    old: '  return holdAll(held, ports);',
    new: '  return holdAll(held.slice(1), ports);',
    test: promises('promise 1: nothing accepted is lost > whatever fails while an event is taken'),
  },
  {
    promise: nothingLost,
    breaks: 'a delivery that could be neither queued nor held is answered 202',
    file: 'lambdas/core/delivery/dispatch.ts',
    old: '        troubles.set(delivery.eventId, error);',
    new: '        if (error === undefined) troubles.set(delivery.eventId, error);',
    test: promises('promise 1: nothing accepted is lost > whatever fails while an event is taken'),
  },
  {
    promise: nothingLost,
    breaks: 'an event of a batch that could not be stored is told as accepted',
    file: 'lambdas/ingest/accept.ts',
    old: "    if (one.kind === 'failed') return one;",
    new: "    if (one.kind === 'failed') return { kind: 'accepted', eventId: String(eventIds[0]), webhookCount: 2 };",
    test: promises('promise 1: nothing accepted is lost > and a batch tells the truth'),
  },
  {
    promise: nothingLost,
    breaks: 'a crash between the state and the dead letter loses the dead letter',
    file: 'lambdas/core/delivery/decide.ts',
    old: "  if (state.status === 'dead')\n    return { commands: deathCommands(state.reason, state.settledAt), message: 'acknowledge' };\n  if (isSettled(state)) return acknowledge;",
    new: '  if (isSettled(state)) return acknowledge;',
    test: promises('promise 1: nothing accepted is lost > whatever dies while it is delivered'),
  },
  {
    promise: nothingLost,
    breaks: 'nobody watches what waits outside the queues',
    file: 'lambdas/core/delivery/attention.ts',
    old: '        : { key: dueKey(shard), at: state.dueAt ?? state.since };',
    new: '        : undefined;',
    test: promises('promise 1: nothing accepted is lost > whatever dies while it is delivered'),
  },
  {
    promise: recognisable,
    breaks: 'each attempt has a webhook-id of its own',
    file: 'lambdas/core/signature/webhook-headers.ts',
    old: "    'webhook-id': request.eventId,",
    new: "    'webhook-id': request.eventId + request.attemptNumber,",
    test: promises('promise 2: at least once, recognisably'),
  },
  {
    promise: waitIsNoAttempt,
    breaks: 'a claim spends an attempt, so that a crash does',
    file: 'lambdas/core/delivery/decide.ts',
    old: '  const claimed = next(delivery, {',
    new: '  const claimed = next({ ...delivery, attemptCount: delivery.attemptCount + 1 }, {',
    test: promises('promise 3: a wait is not an attempt'),
  },
  {
    promise: waitIsNoAttempt,
    breaks: 'a pause spends an attempt',
    file: 'lambdas/core/delivery/decide.ts',
    old: "    store: next(delivery, { status: 'held', heldFor, since",
    new: "    store: next({ ...delivery, attemptCount: 1 }, { status: 'held', heldFor, since",
    test: promises('promise 3: a wait is not an attempt'),
  },
  {
    promise: neverEarly,
    breaks: 'a message that comes early is attempted early',
    file: 'lambdas/core/delivery/decide.ts',
    old: "  if (state.status === 'queued' && state.dueAt > now) return wait(state.dueAt);",
    new: '',
    test: promises('promise 4: never early'),
  },
  {
    promise: neverEarly,
    breaks: 'Retry-After makes us hurry',
    file: 'lambdas/core/delivery/decide.ts',
    old: 'const delay = Math.max(planned,',
    new: 'const delay = Math.min(planned,',
    test: promises('promise 4: never early'),
  },
  {
    promise: neverEarly,
    breaks: 'a release sends its message at once',
    file: 'lambdas/core/delivery/decide.ts',
    old: '  const dueAt = Math.max(now, dueTime(delivery));\n  return {\n    store',
    new: '  const dueAt = now;\n  return {\n    store',
    test: promises('promise 4: never early'),
  },
  {
    promise: oneProbe,
    breaks: 'whoever comes while the circuit is half open takes the lease',
    file: 'lambdas/core/circuit/apply.ts',
    old: 'circuit.until === change.openUntil && !isProbing(circuit, change.at)',
    new: 'true',
    test: halfOpen('promise 5: one probe'),
  },
  {
    promise: oneProbe,
    breaks: 'a probe is made without the lease',
    file: 'lambdas/deliver/record.ts',
    old: "  if (fact.circuit !== 'probe')",
    new: "  if (fact.circuit !== 'wait')",
    test: halfOpen('promise 5: one probe'),
  },
  {
    promise: oneProbe,
    breaks: 'an open circuit holds nobody back',
    file: 'lambdas/core/circuit/circuit.ts',
    old: "  if (now < circuit.until || isProbing(circuit, now)) return 'wait';",
    new: '',
    test: halfOpen('promise 5: one probe'),
  },
  {
    promise: nothingLost,
    breaks:
      'a circuit opens before anybody looks after it, so that a crash leaves its deliveries held for ever',
    file: 'lambdas/deliver/circuit.ts',
    old: '  await ports.circuits.watch(of);\n',
    new: '',
    test: { file: 'test/simulation/circuit.test.ts', name: 'a circuit whose functions crash' },
  },
  {
    promise: nothingLost,
    breaks: 'a delivery that is held just after its circuit closed stays held',
    file: 'lambdas/deliver/record.ts',
    old: "planHeld(record).kind === 'stay' && !mayProbe(record, ports.now())",
    new: 'true',
    test: halfOpen('a hold that is stored just after its circuit closed'),
  },
  {
    promise: noForbiddenAddress,
    breaks: 'one public address of several lets the others through',
    file: 'lambdas/core/target/resolved-addresses.ts',
    old: '    if (reason !== undefined) {',
    new: '    if (reason !== undefined && addresses.length === 1) {',
    test: promises('promise 7: no forbidden address'),
  },
  {
    promise: noForbiddenAddress,
    breaks: 'loopback is no longer refused',
    file: 'lambdas/core/target/address.ts',
    old: "  range('127.0.0.0/8', 'a loopback address (RFC 1122)'),\n",
    new: '',
    test: promises('promise 7: no forbidden address'),
  },
  {
    promise: noForbiddenAddress,
    breaks: 'a mapped IPv6 address leads to loopback',
    file: 'lambdas/core/target/address.ts',
    old: "range('2000::/3', 'global unicast')",
    new: "range('::/0', 'anything')",
    test: promises('promise 7: no forbidden address'),
  },
  {
    promise: bytesKept,
    breaks: 'payloads are parsed and written again',
    file: 'lambdas/core/event/event-schema.ts',
    old: '  const payloadText = json.slice(payload.start, payload.end);',
    new: '  const payloadText = JSON.stringify(valueIn(json, payload));',
    test: promises('promise 8: bytes are kept'),
  },
  {
    promise: bytesKept,
    breaks: 'payloads are carried as text that SQS would refuse',
    file: 'lambdas/core/message/codec.ts',
    old: "data: asBuffer(bytes).toString('base64')",
    new: "data: asBuffer(bytes).toString('latin1')",
    test: promises('promise 8: bytes are kept'),
  },
  {
    promise: secretsSecret,
    breaks: 'the API shows credentials of endpoints',
    file: 'lambdas/core/endpoint/endpoint-view.ts',
    old: '    headers: maskHeaders(endpoint.headers),',
    new: '    headers: endpoint.headers,',
    test: promises('promise 9: secrets stay secret'),
  },
  {
    promise: secretsSecret,
    breaks: 'cookies of receivers are stored',
    file: 'lambdas/deliver/http.ts',
    old: 'maskHeaders(result.headers)',
    new: 'result.headers',
    test: promises('promise 9: secrets stay secret'),
  },
  {
    promise: secretsSecret,
    breaks: 'tokens are stored as they are',
    file: 'lambdas/core/tenant/token.ts',
    old: "createHash('sha256').update(text).digest('hex')",
    new: 'text',
    test: promises('promise 9: secrets stay secret'),
  },
  {
    promise: whatDeploys,
    breaks: "functions of the local run may do what their policies don't allow",
    file: 'local/proxy/pipeline.ts',
    old: '      if (refusal !== undefined) return refuse(refusal);',
    new: '',
    test: {
      file: 'test/e2e/policies.test.ts',
      name: 'taking one grant away > from Hook0Ingest: dynamodb:PutItem is denied',
    },
  },
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
    promise: nothingLost,
    breaks: 'a task that crashes between its state and its queue never goes on',
    file: 'lambdas/redrive/step.ts',
    old: '    if (message.step === task.step - 1 && receiveCount > 1) await ports.queueStep(task, 0);\n',
    new: '',
    test: { file: 'test/unit/redrive.test.ts', name: 'a redrive task > is through with everything' },
  },
  {
    promise: nothingLost,
    breaks: 'what crashes the system vanishes instead of becoming a dead letter',
    file: 'lambdas/quarantine/record.ts',
    old: "      if (command.kind !== 'dead-letter') continue;",
    new: '      if (command.kind) continue;',
    test: {
      file: 'test/unit/quarantine.test.ts',
      name: 'a delivery message in quarantine > is dead and has',
    },
  },
  {
    promise: nothingLost,
    breaks: 'reconcile skips the events of a page that it could not queue',
    file: 'lambdas/reconcile/walk.ts',
    old: '  if (lost.length > 0) await dispatch(lost, false, ports);',
    new: '',
    test: { file: 'test/unit/reconcile.test.ts', name: 'reconcile > repeats the page' },
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
    breaks: 'a message that carries the payload sends it long after',
    file: 'lambdas/deliver/record.ts',
    old: '!firstReceive || ports.now() - timeOf(message.eventId) > unlookedFor',
    new: '!firstReceive',
    test: {
      file: 'test/simulation/deleted-event.test.ts',
      name: 'a delivery of a deleted event > is not attempted by a first message',
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
    promise: countedOnce,
    breaks: 'a batch that comes again after a crash is counted twice',
    file: 'lambdas/core/stats/rollup.ts',
    old: 'if (!known.has(change.fingerprint)) fresh.set',
    new: 'fresh.set',
    test: { file: 'test/unit/rollup-batch.test.ts', name: 'a batch of changes > is counted once' },
  },
  {
    promise: countedOnce,
    breaks: 'a retry counts the attempts before it again',
    file: 'lambdas/core/stats/contribution.ts',
    old: '.filter((attempt) => !known.has(identityOf(attempt)))',
    new: '.filter((attempt) => !known.has(String(attempt)))',
    test: {
      file: 'test/unit/stats-rollup.test.ts',
      name: 'what a stored change adds > is the attempts that the old image has not',
    },
  },
  {
    promise: countedOnce,
    breaks: 'changes are acknowledged whose roll-up was not written',
    file: 'lambdas/rollup/batch.ts',
    old: 'failed = Math.min(failed, group.first);',
    new: '',
    test: { file: 'test/unit/rollup-batch.test.ts', name: 'a batch of changes > comes again from the first' },
  },
  {
    promise: countedOnce,
    breaks: 'what another shard counted meanwhile is overwritten',
    file: 'lambdas/rollup/batch.ts',
    old: 'if (next === undefined || (await ports.store(key, next))) return;',
    new: 'if (next === undefined || [await ports.store(key, next)]) return;',
    test: { file: 'test/unit/rollup-batch.test.ts', name: 'a batch of changes > adds to what another shard' },
  },
  {
    promise: schemas,
    breaks: 'a payload that breaks its schema is taken',
    file: 'lambdas/core/event-type/type-check.ts',
    old: '    if (violations.length > 0) throw brokenSchema(name, violations);',
    new: '    if (violations.length > 20) throw brokenSchema(name, violations);',
    test: eventTypes('events of a registered type > pass its schema or are refused'),
  },
  {
    promise: schemas,
    breaks: 'the next event is still judged by the schema before',
    file: 'lambdas/core/event-type/type-check.ts',
    old: "[applicationId, name, schemaVersion].join(' ')",
    new: "[applicationId, name].join(' ')",
    test: eventTypes('events of a registered type > pass its schema or are refused'),
  },
  {
    promise: schemas,
    breaks: 'who starts from a snapshot knows of no schema',
    file: 'lambdas/core/routing/snapshot.ts',
    old: '    ...(rules && { eventTypes: rules.map(decodeRule) }),',
    new: '',
    test: eventTypes('events of a registered type > are checked by those who start from a snapshot'),
  },
  {
    promise: rotation,
    breaks: 'an old secret keeps signing after its overlap',
    file: 'lambdas/core/endpoint/live-secrets.ts',
    old: '.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)',
    new: '.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now - 86_400_000)',
    test: rotating('POST /api/endpoints/{id}/rotate-secret > lets receivers that know the old or the new'),
  },
  {
    promise: rotation,
    breaks: 'the old secret ends when the new one begins',
    file: 'lambdas/core/endpoint/rotate-secret.ts',
    old: '  const kept = overlap === 0 ? [] : older;',
    new: '  const kept = overlap === 0 ? older : [];',
    test: rotating('POST /api/endpoints/{id}/rotate-secret > lets receivers that know the old or the new'),
  },
  {
    promise: nothingLost,
    breaks: 'while an event of the original API is on its way, a repeat is told that it was accepted',
    file: 'lambdas/ingest/v1.ts',
    old: '      throw inProgress(error) ?? error;',
    new: '      throw error;',
    test: { file: 'test/unit/hook0-v1-ingest.test.ts', name: 'POST /api/v1/event > answers 503, not 409' },
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
    promise: bytesKept,
    breaks: 'the payload of an event of the original API is parsed and written again',
    file: 'lambdas/core/hook0-v1/event.ts',
    old: '    payload: given.payload,',
    new: '    payload: JSON.stringify(JSON.parse(given.payload)),',
    test: {
      file: 'test/unit/hook0-v1-event.test.ts',
      name: 'an event of the original API > keeps its payload',
    },
  },
  {
    promise: isolated,
    breaks: 'a delivery of another application is shown',
    file: 'lambdas/control/routes/deliveries.ts',
    old: '        if (delivery?.applicationId === applicationId) return json(200, toApi(delivery));',
    new: '        if (delivery !== undefined) return json(200, toApi(delivery));',
    test: {
      file: 'test/contract/access.test.ts',
      name: 'GET /api/deliveries/{deliveryId} > answers another application',
    },
  },
  {
    promise: isolated,
    breaks: 'a portal token may do what asks for no capability',
    file: 'lambdas/core/tenant/authorize.ts',
    old: '  return needed !== undefined && granted.includes(needed);',
    new: '  return needed === undefined || granted.includes(needed);',
    test: { file: 'test/contract/access.test.ts', name: 'GET /api/tokens > lets portal tokens in' },
  },
  {
    promise: isolated,
    breaks: 'a changed secret leaves the admin token that stood in it alive',
    file: 'lambdas/bootstrap/first-token.ts',
    old: '    if (other !== hash && id === idOf(other))',
    new: '    if (other === hash && id === idOf(other) && hash === "x")',
    test: { file: 'test/unit/bootstrap.test.ts', name: 'a secret that was changed > to a-token-of-my-own' },
  },
  {
    promise: bounded,
    breaks: 'creations that come at once pass the limit together',
    file: 'lambdas/adapters/dynamodb/config/places.ts',
    old: '  condition: { equal: { [countAttributes[kind]]: before, id, removing: undefined } },',
    new: '  condition: { equal: { id, removing: undefined } },',
    test: {
      file: 'test/contract/limits.test.ts',
      name: 'the limit of event types > is kept by the same steps',
    },
  },
  {
    promise: bounded,
    breaks: 'a deleted endpoint keeps its place',
    file: 'lambdas/adapters/dynamodb/config/endpoint-plans.ts',
    old: '    ...place,\n',
    new: '',
    test: { file: 'test/contract/limits.test.ts', name: 'the limit of endpoints > has a place again' },
  },
  {
    promise: bounded,
    breaks: 'a function spends what it leased again and again',
    file: 'lambdas/ingest/admission.ts',
    old: '    lease.left -= events;',
    new: '',
    test: { file: 'test/unit/rate.test.ts', name: 'a rate > is never exceeded by more than a burst' },
  },
  {
    promise: bounded,
    breaks: 'a counter that is away refuses events',
    file: 'lambdas/ingest/admission.ts',
    old: '        ports.troubled(error);\n        return;',
    new: '        throw error;',
    test: { file: 'test/unit/rate.test.ts', name: 'a rate > lets events through while its counter is away' },
  },
  {
    promise: bounded,
    breaks: 'a budget is never paid for',
    file: 'lambdas/adapters/dynamodb/events/rate-store.ts',
    old: "? 'u > :now AND u <= :mayOwe'",
    new: "? 'u > :now AND :mayOwe = :mayOwe'",
    test: {
      file: 'test/contract/rate-store.test.ts',
      name: 'a budget in the event table > gives each event once',
    },
  },
  {
    promise: takenDown,
    breaks: 'an application’s own tokens outlive it for a minute',
    file: 'lambdas/control/router.ts',
    old: '    if (route.inApplication === false && caller.isOperator) return;',
    new: '    if (route.inApplication === false || !caller.isOperator) return;',
    test: {
      file: 'test/contract/purge.test.ts',
      name: 'an application with everything that one can have > is gone at once',
    },
  },
  {
    promise: takenDown,
    breaks: 'deliveries of a removed application stay unsettled',
    file: 'lambdas/core/delivery/purge.ts',
    old: "  if (isSettled(delivery.state) && delivery.state.status !== 'dead') return undefined;",
    new: '  if (isSettled(delivery.state) || delivery.revision > 0) return undefined;',
    test: {
      file: 'test/contract/purge.test.ts',
      name: 'an application with everything that one can have > leaves nothing',
    },
  },
  {
    promise: takenDown,
    breaks: 'a crash between an endpoint and its deliveries forgets the deliveries',
    file: 'lambdas/scheduler/purge.ts',
    old: '  if (walked === undefined) await ports.doomed.takeDown(applicationId, endpointId);',
    new:
      '  if (walked === undefined) await ports.doomed.takeDown(applicationId, endpointId);\n' +
      '  await ports.doomed.forget(applicationId, endpointId);',
    test: {
      file: 'test/contract/purge.test.ts',
      name: 'an application with everything that one can have > is taken down whole',
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
    old: '  if (last !== undefined && isUnderWay(last, now) && passed < longestWait)',
    new: '  if (last !== undefined && isUnderWay(last, now) && passed < 0)',
    test: { file: 'test/unit/drain.test.ts', name: 'the steps of a drain' },
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
    promise: nothingLost,
    breaks: 'what was under way when a fan-out crashed is taken for sent',
    file: 'lambdas/fan-out/progress.ts',
    old: '  if (begun > done) return { from: done, to: Math.min(begun, total), isRepeat: true };\n',
    new: '  if (begun > done) return nextPortion({ ...progress, done: begun, begun, until: 0, revision: 0 }, total);\n',
    test: fanOut('loses nothing'),
  },
  {
    promise: oncePerEndpoint,
    breaks: 'a fan-out that crashed begins anew',
    file: 'lambdas/fan-out/segment.ts',
    old: 'let portion = nextPortion(standing, endpoints.length);',
    new: 'let portion = nextPortion(standing && { ...standing, done: 0 }, endpoints.length);',
    test: fanOut('sends no more than one portion twice'),
  },
  {
    promise: oncePerEndpoint,
    breaks: 'what a crashed fan-out may have sent is sent again without a look at the item',
    file: 'lambdas/fan-out/segment.ts',
    old: 'const isFirst = !portion.isRepeat && ',
    new: 'const isFirst = ',
    test: fanOut('delivers to each endpoint once when it dies'),
  },
  {
    promise: oncePerEndpoint,
    breaks: 'two functions fan the same segment out at once',
    file: 'lambdas/fan-out/segment.ts',
    old: '  if (standing !== undefined && standing.until > ports.now()) return { busyUntil: standing.until };\n',
    new: '',
    test: fanOut('is left to the one that is at it'),
  },
];
