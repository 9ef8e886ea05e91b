import { describe, expect, it } from 'vitest';
import { metricStore, recordEmf } from '#local/lambda/metrics.ts';

const minute = 60_000;

describe('metrics of the embedded metric format', () => {
  it('are kept by minute, name and dimensions', () => {
    const store = metricStore();
    const line = (Timestamp: number, latency: number | number[], queue: string) => ({
      _aws: {
        Timestamp,
        CloudWatchMetrics: [
          {
            Namespace: 'Hook0',
            Dimensions: [['queue'], []],
            Metrics: [{ Name: 'latency', Unit: 'Milliseconds' }],
          },
        ],
      },
      queue,
      latency,
    });

    recordEmf(line(10 * minute, [5, 15], 'high'), store);
    recordEmf(line(10 * minute + 59_999, 40, 'low'), store);
    recordEmf(line(11 * minute, 1, 'high'), store);

    expect(store.minutes({ namespace: 'Hook0', name: 'latency', dimensions: { queue: 'high' } })).toEqual([
      { start: 10 * minute, sum: 20, count: 2, minimum: 5, maximum: 15, values: [5, 15] },
      { start: 11 * minute, sum: 1, count: 1, minimum: 1, maximum: 1, values: [1] },
    ]);
    expect(store.minutes({ namespace: 'Hook0', name: 'latency' })[0]).toMatchObject({ sum: 60, count: 3 });
    expect(store.list()).toHaveLength(3);
  });

  it('leaves out what breaks the format', () => {
    const store = metricStore();
    recordEmf(
      { _aws: { CloudWatchMetrics: [{ Namespace: 'N', Dimensions: [[]], Metrics: [{ Name: 'a' }] }] }, a: 1 },
      store,
    );
    recordEmf({ _aws: { Timestamp: 1, CloudWatchMetrics: 'x' } }, store);
    recordEmf(
      { _aws: { Timestamp: 1, CloudWatchMetrics: [{ Namespace: 'N', Dimensions: [[]], Metrics: [{}] }] } },
      store,
    );
    expect(store.list()).toEqual([]);
  });
});
