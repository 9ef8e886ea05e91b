import { breaking } from './mutation.ts';

export const recognisable = breaking('2: at least once, recognisably', [
  {
    breaks: 'each attempt has another webhook-id',
    symbol: 'webhookHeaders',
    from: "'webhook-id': request.eventId",
    to: "'webhook-id': request.eventId + request.attemptNumber",
    test: 'promise 2: at least once, recognisably',
  },
  {
    breaks: 'a first message that waited long and the one that replaces it both make a request',
    symbol: 'receive.receive',
    from: 'firstReceive,',
    to: 'firstReceive: message.first && received.receiveCount === 1,',
    test: 'a first message that waited for more than a minute > makes one request together with one',
  },
]);

export const waitIsNoAttempt = breaking('3: a wait is not an attempt', [
  {
    breaks: 'a pause spends an attempt',
    symbol: 'decision.hold',
    from: "moved(delivery, { status: 'held'",
    to: "moved({ ...delivery, attemptCount: 1 }, { status: 'held'",
    test: 'promise 3: a wait is not an attempt',
  },
  {
    breaks: 'a claim spends an attempt, and so does a crash',
    symbol: 'claimed',
    from: "moved(delivery, { status: 'attempting', claimId, until })",
    to: "moved({ ...delivery, attemptCount: delivery.attemptCount + 1 }, { status: 'attempting', claimId, until })",
    test: 'promise 3: a wait is not an attempt',
  },
  {
    breaks: 'a preempted delivery keeps its claim, so that the slow queue waits until the claim ends',
    symbol: 'releaseClaim',
    from: "{ ...then, store: moved(delivery, { status: 'queued', dueAt: now, ...choice }) }",
    to: 'then',
    test: 'a request that hangs > in the retry queue gives up its claim',
  },
  {
    breaks: 'a diverted message still counts as a first message, so that two copies make two requests',
    symbol: 'commands.carryOut',
    from: 'ports.divert(again)',
    to: 'ports.divert({ ...again, first: message.first })',
    test: 'an endpoint that has not answered after a second > has its first messages diverted',
  },
]);

export const neverEarly = breaking('4: never early', [
  {
    breaks: 'a Retry-After below the planned backoff shortens it',
    symbol: 'attempted',
    from: 'Math.max(planned,',
    to: 'Math.min(planned,',
    test: 'promise 4: never early',
  },
  {
    breaks: 'a message that is sent again says again that it is the first one, so that it is attempted early',
    symbol: 'send.again',
    from: 'first: false',
    to: 'first: true',
    test: 'ten messages say once that they are first when 1 answers are lost',
  },
  {
    breaks: 'a first message that SQS repeats is attempted before the Retry-After of the first one',
    symbol: 'isClean',
    from: "state === 'closed' && failures === 0",
    to: "state === 'closed'",
    test: 'a first message that the queue repeats after a failure',
  },
  {
    breaks: 'two copies of a first message in one batch make two requests',
    symbol: 'handleDelivery',
    from: 'ports.once(key, () => deliverOrWait(message, received, ports))',
    to: 'deliverOrWait(message, received, ports)',
    test: 'two first messages in one batch are one',
  },
  {
    breaks: 'the failure of a copy shortens the wait that the other one was asked for',
    symbol: 'attempted',
    from: "Math.max(now + delay, 'dueAt' in state ? (state.dueAt ?? 0) : 0)",
    to: 'now + delay',
    test: 'given a failed first attempt, and a copy of its message that > failed as well',
  },
  {
    breaks: 'a message that comes early is attempted early',
    symbol: 'isDue',
    from: 'state.slot !== undefined || state.dueAt <= now',
    to: 'true',
    test: 'promise 4: never early',
  },
  {
    breaks: 'a release sends its message at once',
    symbol: 'released',
    from: 'Math.max(now, dueTime(delivery))',
    to: 'now',
    test: 'promise 4: never early',
  },
  {
    breaks: 'a delivery that is denied the probe forgets its backoff',
    symbol: 'probeDenied',
    from: "state.status === 'queued' ? state.dueAt : now",
    to: 'now',
    test: 'given an open circuit > keeps the backoff',
  },
]);
