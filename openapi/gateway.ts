// API Gateway receives the requests for the functions and answers some of them itself.

/** Its answer to any request above `apiRateLimit` or `apiBurstLimit`. */
export const gatewayResponses = {
  TooManyRequests: {
    description: 'The requests of all callers exceed the limits of the deployment; wait and try again.',
    content: {
      'application/json': {
        schema: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
        example: { message: 'Too Many Requests' },
      },
    },
  },
} as const;

export const throttled = { 429: { $ref: '#/components/responses/TooManyRequests' } } as const;
