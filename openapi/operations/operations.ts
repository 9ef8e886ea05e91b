import type { Operations } from '../operation.ts';
import { deliveryOperations } from './deliveries.ts';
import { endpointOperations } from './endpoints.ts';
import { eventOperations } from './events.ts';
import { serviceOperations } from './service.ts';
import { taskOperations } from './tasks.ts';
import { tenantOperations } from './tenants.ts';

/** What the document says about each route, by `METHOD /path`. */
export const operations: Operations = {
  ...eventOperations,
  ...endpointOperations,
  ...deliveryOperations,
  ...taskOperations,
  ...tenantOperations,
  ...serviceOperations,
};
