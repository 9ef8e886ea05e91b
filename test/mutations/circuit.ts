import { breaking } from './mutation.ts';

const recovered = 'a recovered endpoint > gets what was held oldest first';

export const oneProbe = breaking('5: one probe', [
  {
    breaks: 'every delivery that comes while the circuit is half open takes the lease',
    symbol: 'decideCircuit',
    from: "circuit.state === 'open' && circuitState(circuit, rules, now) === 'probe'",
    to: "circuit.state === 'open'",
    test: 'promise 5: one probe',
  },
  {
    breaks: 'two deliveries that ask for the lease at the same time both get it',
    symbol: 'circuitPut',
    from: 'equal: { circuitRevision: positive(circuit.revision - 1) }',
    to: 'equal: { circuitEpoch: positive(circuit.epoch) }',
    test: 'a stored circuit in the engine > is stored for one of 50',
  },
  {
    breaks: 'a probe is made without the lease',
    symbol: 'decision.go',
    from: "circuit === 'probe'",
    to: "circuit === 'wait'",
    test: 'promise 5: one probe',
  },
  {
    breaks:
      'a probe is made although its lease was written so slowly that another one may begin before its end',
    symbol: 'attempt.attempt',
    from: 'startedAt + record.endpoint.timeout + clocksApart > Math.min(...rights)',
    to: 'rights.length === 0',
    test: 'a probe whose lease was written slowly',
  },
  {
    breaks: 'an open circuit holds no delivery back',
    symbol: 'circuit.circuitState',
    from: "if (now < circuit.until || isProbing(circuit, now)) return 'wait';",
    to: '',
    test: 'promise 5: one probe',
  },
]);

export const drains = breaking('circuit: a recovered endpoint gets what was held oldest first, in steps', [
  {
    breaks: 'all that was held is sent in one step',
    symbol: 'planStep',
    from: 'Math.min(longestSize, progress.size * 2)',
    to: 'longestSize',
    test: recovered,
  },
  {
    breaks: 'a step does not wait for the answers to the one before',
    symbol: 'planStep',
    from: 'isUnderWay(last, now)',
    to: 'isUnderWay(last, now) && passed < 0',
    test: 'the steps of a drain',
  },
  {
    breaks: 'the newest delivery is sent first',
    symbol: 'oldestOf',
    from: 'a.eventId < b.eventId',
    to: 'a.eventId > b.eventId',
    test: recovered,
  },
  {
    breaks: 'one delivery that cannot be read keeps all others held',
    symbol: 'awaited',
    from: 'progress !== undefined && now - progress.at < longestWait ? progress.last : undefined',
    to: 'progress?.last',
    test: 'a drain > stops waiting for an unreadable last delivery',
  },
]);

export const oneBadEvent = breaking('14: one bad event does not stop an endpoint', [
  {
    breaks: 'the retries of one delivery open the circuit',
    symbol: 'withFailure',
    from: 'if (failures > 0 && otherFailure !== undefined && otherFailure >= failingSince) return circuit;',
    to: '',
    test: 'promise 14: one bad event does not stop an endpoint',
  },
  {
    breaks: 'the delivery that opened the circuit makes every probe',
    symbol: 'circuitStateFor',
    from: "&& hasFailed(delivery, record) ? 'wait' : state",
    to: '? state : state',
    test: 'promise 14: one bad event does not stop an endpoint',
  },
  {
    breaks: 'a probe that failed is followed by a probe of the same delivery',
    symbol: 'inProbeOrder',
    from: 'Number(a.last === latest) - Number(b.last === latest) ||',
    to: '',
    test: 'the order in which held deliveries probe',
  },
  {
    breaks: 'old deliveries that failed hide the new ones from the scheduler',
    symbol: 'probeCandidates',
    from: ', ...newestOf(newest, candidates)',
    to: '',
    test: 'an endpoint that the scheduler looks at > prefers a new delivery as the probe',
  },
  {
    breaks: 'an endpoint is disabled because of one event',
    symbol: 'fewestToGiveUp',
    from: 'Math.max(threshold, 2)',
    to: 'threshold',
    test: 'a circuit, simulated > does not end in a disabled endpoint',
  },
]);
