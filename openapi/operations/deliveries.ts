import * as examples from '../examples.ts';
import type { Operations } from '../operation.ts';

export const deliveryOperations: Operations = {
  'GET /api/endpoints/{endpointId}/deliveries': {
    ...{ id: 'listDeliveries', tag: 'deliveries', summary: 'List the deliveries of an endpoint' },
    answers: [
      {
        ...{ status: 200, description: 'A page of deliveries, newest first.' },
        content: { schema: 'DeliveryPage', example: examples.page(examples.deliveryExample) },
      },
    ],
  },
  'GET /api/deliveries/{deliveryId}': {
    ...{ id: 'getDelivery', tag: 'deliveries', summary: 'One delivery with its attempts' },
    answers: [
      {
        ...{ status: 200, description: 'The delivery.' },
        content: { schema: 'Delivery', example: examples.deliveryExample },
      },
    ],
  },
  'POST /api/deliveries/{deliveryId}/retry': {
    ...{ id: 'retryDelivery', tag: 'deliveries', summary: 'Attempt a delivery again, now' },
    description: 'What is about to be attempted anyway stays as it is.',
    answers: [
      {
        ...{ status: 202, description: 'The delivery as it stands now.' },
        content: { schema: 'Delivery', example: examples.retriedExample },
      },
    ],
    problems: ['wrong_state'],
  },
  'GET /api/dead-letters': {
    ...{ id: 'listDeadLetters', tag: 'deliveries', summary: 'List deliveries that were given up' },
    answers: [
      {
        ...{ status: 200, description: 'A page of dead letters.' },
        content: { schema: 'DeadLetterPage', example: examples.page(examples.deadLetterExample) },
      },
    ],
  },
};
