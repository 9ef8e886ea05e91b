import { breaking } from './mutation.ts';

const atTheSameTime = 'whatever happens at the same time > every promise holds';

/** What only lives whose functions interleave show together. */
export const interleaving = breaking('the promises hold whatever happens at the same time', [
  {
    breaks: 'a death whose function crashed, or whose write was repeated, has no dead letter',
    symbol: 'leave',
    from: 'return { ...acknowledge, commands: deathCommands({ generation, reason, at }) };',
    to: 'if (at > 0) return acknowledge; return { ...acknowledge, commands: deathCommands({ generation, reason, at }) };',
    test: atTheSameTime,
  },
  {
    breaks: 'a copy of a first message is attempted before the backoff of the first one is over',
    symbol: 'receive',
    from: 'mayBeFirst && isClean(record?.circuit)',
    to: '(mayBeFirst || isClean(undefined) === false)',
    test: atTheSameTime,
  },
  {
    breaks: 'a delivery whose wake-up was refused is held for an endpoint that nothing looks at',
    symbol: 'wakeOrGiveBack',
    from: "heldFor: 'internal', since: now, dueAt, slot",
    to: "heldFor: 'circuit', since: now, dueAt, slot",
    test: atTheSameTime,
  },
  {
    breaks: 'an outage of two hours kills deliveries that were never attempted',
    symbol: 'quarantined',
    from: 'if (wait !== undefined)',
    to: 'if (wait !== undefined && wait < 0)',
    test: atTheSameTime,
  },
  {
    breaks: 'the retries of one bad event open the circuit of a healthy endpoint',
    symbol: 'withFailure',
    from: 'if (failures > 0 && otherFailure !== undefined && otherFailure >= failingSince) return circuit;',
    to: 'if (failures > 0 && otherFailure === 0) return circuit;',
    test: atTheSameTime,
  },
]);
