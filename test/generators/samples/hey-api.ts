import { client } from './hey-api/client.gen.js';
import { createEndpoint, createEventType, postEvent } from './hey-api/sdk.gen.js';
import { environment, report } from './report.js';

const { url, token, type } = environment;
client.setConfig({ baseUrl: url, auth: () => token });

const endpoint = await createEndpoint({
  body: {
    ...{ name: 'Orders', url: 'https://a.example.com', events: [type], metadata: { plan: { name: 'gold' } } },
    filters: { conditions: [{ field: 'payload.n', operator: 'gt', value: 1 }] },
  },
});
const eventType = await createEventType({
  body: { name: type, schema: { type: 'object', required: ['n'], properties: { n: { type: 'number' } } } },
});
const event = await postEvent({ body: { type, payload: { n: 2 }, options: { tags: ['a'] } } });
const refused = await postEvent({ body: { type, payload: { n: 'two' } } });
report({
  endpointId: endpoint.data?.id,
  metadata: endpoint.data?.metadata,
  eventType: eventType.data?.name,
  webhookCount: event.data?.webhookCount,
  refusal: refused.error && 'code' in refused.error ? refused.error.code : undefined,
});
