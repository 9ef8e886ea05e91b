import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

export type { Logger };
export { MetricUnit };

const namespace = 'Hook0';

/** Structured JSON lines on standard output; the level comes from POWERTOOLS_LOG_LEVEL, INFO by default. */
export function createLogger(service: string): Logger {
  return new Logger({ serviceName: service });
}

/**
 * Metrics in the embedded metric format. Dimensions stay few: each set of them is a metric that is paid for, so
 * never an endpoint, an application or an event type.
 */
export function createMetrics(service: string, deployment: string): Metrics {
  return new Metrics({ namespace, serviceName: service, defaultDimensions: { deployment } });
}

export interface Telemetry {
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export const createTelemetry = (service: string, deployment: string): Telemetry => ({
  logger: createLogger(service),
  metrics: createMetrics(service, deployment),
});

/** What a log line may say of an error. `message` is the logger's own key, so an error's goes under another. */
export function errorFields(error: unknown): Record<string, string | undefined> {
  if (!(error instanceof Error)) return { error: 'unknown', errorMessage: String(error) };
  const { name, message, stack, cause } = error;
  const because = cause instanceof Error ? { cause: `${cause.name}: ${cause.message}` } : {};
  return { error: name, errorMessage: message, stack, ...because };
}

/** Reports deliveries that a queue refused. They are late, because they are held and start in the next minute. */
export const reportRefused =
  ({ logger, metrics }: Telemetry) =>
  (count: number, cause: unknown) => {
    logger.warn('deliveries held because a queue refused them', { count, ...errorFields(cause) });
    metrics.addMetric('DeliveriesRefusedByQueue', MetricUnit.Count, count);
  };
