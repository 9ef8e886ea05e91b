import type { Operations } from '../operation.ts';
import { hook0V1Operations } from './compat-v1.ts';
import { deliveryOperations } from './deliveries.ts';
import { endpointOperations } from './endpoints.ts';
import { eventTypeOperations } from './event-types.ts';
import { eventOperations } from './events.ts';
import { serviceOperations } from './service.ts';
import { statisticsOperations } from './statistics.ts';
import { taskOperations } from './tasks.ts';
import { tenantOperations } from './tenants.ts';

/** What the document says about each route, by `METHOD /path`. */
export const operations: Operations = {
  ...eventOperations,
  ...endpointOperations,
  ...deliveryOperations,
  ...eventTypeOperations,
  ...taskOperations,
  ...statisticsOperations,
  ...tenantOperations,
  ...hook0V1Operations,
  ...serviceOperations,
};
