import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';

/** Writes the metrics of each invocation, also of one that failed. */
export function publishMetrics(metrics: Metrics): MiddlewareObj {
  // A middleware that returns something answers in the handler's place.
  const publish = () => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return { after: publish, onError: publish };
}
