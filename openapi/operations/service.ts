import { whenPosted } from '../examples.ts';
import type { Operations } from '../operation.ts';

const about = { version: '0.1.0', timestamp: new Date(whenPosted).toISOString() };

export const serviceOperations: Operations = {
  'GET /health': {
    ...{ id: 'getHealth', tag: 'service', summary: 'Whether the deployment works' },
    answers: [
      {
        ...{ status: 200, description: 'It does.' },
        content: { schema: 'Health', example: { status: 'healthy', ...about } },
      },
      {
        ...{ status: 503, description: 'What everything depends on is away.', headers: ['retry-after'] },
        content: { schema: 'Health', example: { status: 'unhealthy', ...about } },
      },
    ],
  },
  'GET /api/openapi.json': {
    ...{ id: 'getOpenapi', tag: 'service', summary: 'This document' },
    answers: [
      {
        ...{ status: 200, description: 'OpenAPI 3.1.', headers: ['content-encoding', 'vary'] },
        content: { schema: 'OpenapiDocument' },
      },
    ],
  },
  'GET /docs': {
    ...{ id: 'getReference', tag: 'service', summary: 'This document as a page to read' },
    answers: [
      {
        status: 200,
        description: 'The page.',
        content: { type: 'text/html; charset=utf-8' },
        headers: ['content-encoding', 'vary'],
      },
    ],
  },
  'GET /docs/{file}': {
    ...{ id: 'getReferenceFile', tag: 'service', summary: 'A script or style of that page' },
    answers: [
      {
        ...{ status: 200, description: 'The file.', headers: ['content-encoding', 'vary'] },
        content: { type: '*/*' },
      },
    ],
  },
};
