import type { Operations } from '#adapters/http-api/operation.ts';
import { json } from '#adapters/http-api/response.ts';
import { type ApiRoute, route } from '#adapters/http-api/route.ts';
import { cleanCircuit } from '#core/circuit/circuit.ts';
import { circuitView } from '#core/circuit/circuit-view.ts';
import { resetCircuit } from '../actions/reset-circuit.ts';
import { loadOutline } from '../http/found.ts';
import { refuseBody } from '../http/refuse-body.ts';
import type { Services } from '../services.ts';

export function circuitRoutes(
  services: Pick<Services, 'endpoints' | 'watch' | 'closeCircuit' | 'announceClosed' | 'drain' | 'now'>,
): ApiRoute[] {
  const { now } = services;

  return [
    route({
      method: 'GET',
      path: '/api/endpoints/{endpointId}/circuit',
      scope: 'read',
      capability: 'endpoints:read',
      async handle({ params: { endpointId }, caller: { applicationId } }) {
        const { circuit = cleanCircuit } = await loadOutline(services, applicationId, endpointId);
        return json(200, circuitView(circuit, now()));
      },
    }),
    route({
      method: 'POST',
      path: '/api/endpoints/{endpointId}/circuit/reset',
      scope: 'manage',
      capability: 'endpoints:write',
      async handle({ request, params: { endpointId }, caller: { applicationId } }) {
        refuseBody(request);
        await resetCircuit(services, await loadOutline(services, applicationId, endpointId));
        const { circuit = cleanCircuit } = await loadOutline(services, applicationId, endpointId);
        return json(200, circuitView(circuit, now()));
      },
    }),
  ];
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const circuitOperations = {
  'GET /api/endpoints/{endpointId}/circuit': {
    id: 'getCircuit',
    summary: 'Get the circuit of an endpoint',
    description: 'While it is open, deliveries are held, not attempted and not counted.',
    answers: [{ status: 200, description: 'The circuit.', schema: 'Circuit' }],
  },
  'POST /api/endpoints/{endpointId}/circuit/reset': {
    id: 'resetCircuit',
    summary: 'Close the circuit of an endpoint',
    description: 'Forgets all failures and releases held deliveries in steps.',
    answers: [{ status: 200, description: 'The circuit after the reset.', schema: 'Circuit' }],
  },
} as const satisfies Operations;
