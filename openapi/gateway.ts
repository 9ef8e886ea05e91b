// API Gateway stands before the functions and answers some requests by itself.

/** What it answers beyond the deployment's `apiRateLimit` or `apiBurstLimit`, to whichever request. */
export const gatewayResponses = {
  TooManyRequests: {
    description:
      "More requests than the deployment's limits allow, all callers together; wait and try again.",
    content: {
      'application/json': {
        schema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
        example: { message: 'Too Many Requests' },
      },
    },
  },
} as const;

export const throttled = { 429: { $ref: '#/components/responses/TooManyRequests' } } as const;
