import { describe, expect, it } from 'vitest';
import {
  type AlarmProperties,
  type AlarmState,
  type ReadMetric,
  readAlarm,
} from '#local/cloudwatch/alarm.ts';
import { ofType, synthesized } from './synthesized.ts';

// Metrics reach CloudWatch late. An alarm that looks only at the newest minutes finds no data there, or a 0 that FILL put
// there, and never rings. Here each value arrives 90 s after its minute has ended.
const lateness = 2;

type Cause = (metric: ReadMetric, minute: number) => number | undefined;

/** What each metric holds while something is wrong. Minutes count from the beginning of the trouble. */
const causes: Readonly<Record<string, Cause>> = {
  ApiErrors: only({ '5xx': 4, Count: 4 }),
  IngestErrors: only({ Errors: 1 }),
  ApiThrottled: only({ Throttles: 1 }),
  QueuesRefuse: only({ DeliveriesRefusedByQueue: 1 }),
  TablesThrottled: only({ WriteThrottleEvents: 10 }),
  QueueBacklog: only({ ApproximateNumberOfMessagesVisible: 1_001, ApproximateAgeOfOldestMessage: 1 }),
  HighQueueLate: only({ ApproximateAgeOfOldestMessage: 60 }),
  LowQueueLate: only({ ApproximateAgeOfOldestMessage: 1_800 }),
  SlowQueueLate: only({ ApproximateAgeOfOldestMessage: 1_800 }),
  FanOutLate: only({ ApproximateAgeOfOldestMessage: 300 }),
  InFlight: only({ ApproximateNumberOfMessagesNotVisible: 96_000 }),
  HighErrorRate: only({ AttemptFailed: 2, AttemptSucceeded: 18 }),
  HighResponseTime: only({ AttemptSucceeded: 20, AttemptDuration: 10_000 }),
  DeliverErrors: only({ DeliverErrors: 5 }),
  DeliverThrottled: only({ Throttles: 2 }),
  // Once, and never again.
  Quarantined: (metric, minute) => (metric.name === 'MessagesQuarantined' && minute === 0 ? 1 : undefined),
  SchedulerSilent: () => undefined,
  BackgroundErrors: only({ SchedulerErrors: 1 }),
  BackgroundThrottled: only({ Throttles: 1 }),
  Reconcile: (metric, minute) => (metric.name === 'DeliveriesReconciled' && minute === 0 ? 1 : undefined),
  StatisticsLate: only({ IteratorAge: 600_000 }),
  StatisticsErrors: only({ RollupErrors: 1 }),
  StatisticsIncomplete: (metric, minute) =>
    metric.name === 'ChangesUnreadable' && minute === 0 ? 1 : undefined,
};

function only(values: Readonly<Record<string, number>>): Cause {
  return ({ name }) => values[name];
}

/** A deployment that is well: the scheduler runs, requests and deliveries succeed, queues report that they are empty. */
const well: Cause = ({ namespace, name }) => {
  if (namespace === 'AWS/DynamoDB' || namespace === 'Hook0')
    return name === 'AttemptSucceeded' ? 100 : undefined;
  return name === 'Invocations' || name === 'Count' ? 1 : 0;
};

/** Without any traffic only the scheduler runs. */
const idle: Cause = ({ namespace, name }) => {
  if (name === 'Invocations') return 1;
  return namespace === 'AWS/SQS' || name === 'Errors' || name === 'Throttles' ? 0 : undefined;
};

const alarms = ofType(synthesized(), 'AWS::CloudWatch::Alarm').map(
  ([id, { Properties }]) =>
    [
      /^Hook0Monitoring(.+)[0-9A-F]{8}$/.exec(id)?.[1] ?? id,
      readAlarm(Properties as unknown as AlarmProperties),
    ] as const,
);

/** The states at the end of each minute. The trouble lasts from minute 0 to `trouble`. */
function statesOf(name: string, usual: Cause, trouble: number): readonly AlarmState[] {
  const [, alarm] = alarms.find(([id]) => id === name) ?? expect.fail(`there is no alarm ${name}`);
  const cause = causes[name] ?? expect.fail(`nothing provokes ${name}`);
  let state: AlarmState = 'OK';
  const states: AlarmState[] = [];
  for (let now = -30; now < 60; now += 1) {
    state = alarm.evaluate((metric, minutesAgo) => {
      const minute = now - minutesAgo;
      if (minutesAgo < lateness) return undefined;
      const inTrouble = minute >= 0 && minute < trouble;
      return (
        (inTrouble ? cause(metric, minute) : undefined) ??
        (inTrouble && name === 'SchedulerSilent' ? undefined : usual(metric, minute))
      );
    }, state);
    states.push(state);
  }
  return states;
}

describe('every alarm', () => {
  it('has a cause here', () => {
    expect(Object.keys(causes).sort()).toEqual(alarms.map(([name]) => name).sort());
  });

  describe.each([
    ['that has traffic', well],
    ['that is idle', idle],
  ])('of a deployment %s', (_, usual) => {
    it.each(Object.keys(causes))('%s rings within a few minutes, and only then', (name) => {
      const states = statesOf(name, usual, 15);
      const before = states.slice(0, 30);
      const during = states.slice(30, 30 + 12);
      expect(new Set(before)).toEqual(new Set(['OK']));
      expect(during).toContain('ALARM');
      expect(states.at(-1)).toBe('OK');
    });

    it.each(Object.keys(causes))('%s is silent while nothing is wrong', (name) => {
      expect(new Set(statesOf(name, usual, 0))).toEqual(new Set(['OK']));
    });
  });

  it('for a lasting trouble also lasts', () => {
    for (const name of Object.keys(causes)) {
      const states = statesOf(name, well, 15).slice(30);
      const rung = states.indexOf('ALARM');
      const ended = states.indexOf('OK', rung);
      // It rings once.
      expect(states.slice(ended), name).not.toContain('ALARM');
    }
  });
});
