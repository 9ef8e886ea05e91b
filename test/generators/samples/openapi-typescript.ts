import createClient from 'openapi-fetch';
import type { paths } from './openapi-typescript.gen.js';
import { environment, report } from './report.js';

const { url, token, type } = environment;
const client = createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${token}` } });

const endpoint = await client.POST('/api/endpoints', {
  body: {
    ...{ name: 'Orders', url: 'https://a.example.com', events: [type], metadata: { plan: { name: 'gold' } } },
    filters: { conditions: [{ field: 'payload.n', operator: 'gt', value: 1 }] },
  },
});
const eventType = await client.POST('/api/event-types', {
  body: { name: type, schema: { type: 'object', required: ['n'], properties: { n: { type: 'number' } } } },
});
const event = await client.POST('/api/events', {
  body: { type, payload: { n: 2 }, options: { tags: ['a'] } },
});
const refused = await client.POST('/api/events', { body: { type, payload: { n: 'two' } } });
report({
  endpointId: endpoint.data?.id,
  metadata: endpoint.data?.metadata,
  eventType: eventType.data?.name,
  webhookCount: event.data?.webhookCount,
  refusal: refused.error && 'code' in refused.error ? refused.error.code : undefined,
});
