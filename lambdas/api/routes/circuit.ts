import type { Operations } from '#adapters/http-api/operation.ts';
import { json } from '#adapters/http-api/response.ts';
import { circuitView, cleanCircuit } from '#core/circuit/circuit.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { notFound } from '#core/problem/problem.ts';
import { refuseBody } from '../http/refuse-body.ts';
import { type Route, route } from '../http/route.ts';
import type { Endpoints } from '../ports.ts';

export interface CircuitRoutesOptions {
  readonly endpoints: Pick<Endpoints, 'get'>;
  /** Closes the circuit, forgets all failures and lets go of what was held. */
  readonly reset: (record: EndpointRecord) => Promise<void>;
  readonly now: () => number;
}

export function circuitRoutes({ endpoints, reset, now }: CircuitRoutesOptions): Route[] {
  async function load(applicationId: string, id: string): Promise<EndpointRecord> {
    const record = await endpoints.get(applicationId, id);
    if (record === undefined) throw notFound('endpoint', id);
    return record;
  }
  return [
    route({
      method: 'GET',
      path: '/api/endpoints/{endpointId}/circuit',
      scope: 'read',
      capability: 'endpoints:read',
      async handle({ params, caller }) {
        const { circuit = cleanCircuit } = await load(caller.applicationId, params.endpointId);
        return json(200, circuitView(circuit, now()));
      },
    }),
    route({
      method: 'POST',
      path: '/api/endpoints/{endpointId}/circuit/reset',
      scope: 'manage',
      capability: 'endpoints:write',
      async handle({ request, params, caller }) {
        refuseBody(request);
        await reset(await load(caller.applicationId, params.endpointId));
        const { circuit = cleanCircuit } = await load(caller.applicationId, params.endpointId);
        return json(200, circuitView(circuit, now()));
      },
    }),
  ];
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const circuitOperations = {
  'GET /api/endpoints/{endpointId}/circuit': {
    id: 'getCircuit',
    tag: 'endpoints',
    summary: 'Whether deliveries are held because an endpoint fails',
    answers: [{ status: 200, description: 'The circuit as it stands.', schema: 'Circuit' }],
  },
  'POST /api/endpoints/{endpointId}/circuit/reset': {
    id: 'resetCircuit',
    tag: 'endpoints',
    summary: 'Close the circuit of an endpoint by hand',
    description: 'All failures are forgotten, and what was held is released in steps.',
    answers: [{ status: 200, description: 'The circuit as it stands now.', schema: 'Circuit' }],
  },
} as const satisfies Operations;
