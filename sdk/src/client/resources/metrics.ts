import type { Api } from '../api.ts';
import type { CallOptions } from '../options.ts';
import type * as api from '../types.ts';

export const metricsOf = (call: Api) => ({
  get: (query?: api.MetricsQuery, options?: CallOptions): Promise<api.Metrics> =>
    call('getMetrics', { query: { ...query }, options }),
  /** The same numbers in the text format of Prometheus. */
  text: (query?: api.MetricsQuery, options?: CallOptions): Promise<string> =>
    call('scrapeMetrics', { query: { ...query }, headers: { accept: 'text/plain' }, options }),
});
