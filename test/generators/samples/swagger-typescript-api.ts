import { environment, report } from './report.js';
import { Api, type Problem } from './swagger-typescript-api.gen.js';

const { url, token, type } = environment;
const { api } = new Api({ baseUrl: url, baseApiParams: { headers: { authorization: `Bearer ${token}` } } });

const endpoint = await api.createEndpoint({
  ...{ name: 'Orders', url: 'https://a.example.com', events: [type], metadata: { plan: { name: 'gold' } } },
  filters: { conditions: [{ field: 'payload.n', operator: 'gt', value: 1 }] },
});
const eventType = await api.createEventType({
  ...{ name: type, schema: { type: 'object', required: ['n'], properties: { n: { type: 'number' } } } },
});
const event = await api.postEvent({ type, payload: { n: 2 }, options: { tags: ['a'] } });
const refused: { readonly error: Problem } = await api
  .postEvent({ type, payload: { n: 'two' } })
  .then(() => ({ error: {} as Problem }))
  .catch((answer) => answer);
report({
  endpointId: endpoint.data.id,
  metadata: endpoint.data.metadata,
  eventType: eventType.data.name,
  webhookCount: event.data.webhookCount,
  refusal: refused.error.code,
});
