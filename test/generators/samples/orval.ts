import { createEndpoint, createEventType, postEvent } from './orval.gen.js';
import { environment, report } from './report.js';

const { url, token, type } = environment;
// Its functions call the global fetch with a path.
const { fetch } = globalThis;
globalThis.fetch = (path, init) => fetch(`${url}${String(path)}`, init);
const options = { headers: { authorization: `Bearer ${token}` } };

const endpoint = await createEndpoint(
  {
    ...{ name: 'Orders', url: 'https://a.example.com', events: [type], metadata: { plan: { name: 'gold' } } },
    filters: { conditions: [{ field: 'payload.n', operator: 'gt', value: 1 }] },
  },
  undefined,
  options,
);
const eventType = await createEventType(
  { name: type, schema: { type: 'object', required: ['n'], properties: { n: { type: 'number' } } } },
  undefined,
  options,
);
const event = await postEvent({ type, payload: { n: 2 }, options: { tags: ['a'] } }, options);
const refused = await postEvent({ type, payload: { n: 'two' } }, options);
report({
  endpointId: endpoint.status === 201 ? endpoint.data.id : undefined,
  metadata: endpoint.status === 201 ? endpoint.data.metadata : undefined,
  eventType: eventType.status === 201 ? eventType.data.name : undefined,
  webhookCount: event.status === 202 ? event.data.webhookCount : undefined,
  refusal: refused.status === 422 ? refused.data.code : undefined,
});
