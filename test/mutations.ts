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
const truthful = 'the OpenAPI document tells the truth';
const once = 'idempotency: one event for one key';

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
    promise: truthful,
    breaks: 'a task shows what its description does not know',
    file: 'lambdas/core/task/task.ts',
    old: '    ...{ id, type: work.kind, status, started, skipped },',
    new: '    ...{ id, type: work.kind, status, started, skipped, step: 0 },',
    test: {
      file: 'test/contract/control-dead-letters.test.ts',
      name: 'tasks > are cancelled once, and again without harm',
    },
  },
  {
    promise: truthful,
    breaks: 'a route asks for another scope than is written down',
    file: 'lambdas/ingest/routes.ts',
    old: "    ...{ method: 'POST', path: '/api/events/batch', scope: 'ingest' },",
    new: "    ...{ method: 'POST', path: '/api/events/batch', scope: 'manage' },",
    test: {
      file: 'test/unit/openapi.test.ts',
      name: 'the OpenAPI document > is committed as the source says it',
    },
  },
  {
    promise: truthful,
    breaks: 'the document allows more than is accepted',
    file: 'lambdas/core/event/event-schema.ts',
    old: '  tags: 20,',
    new: '  tags: 21,',
    test: {
      file: 'test/unit/openapi.test.ts',
      name: 'the OpenAPI document > is committed as the source says it',
    },
  },
];
