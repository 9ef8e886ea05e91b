import type { Delivery } from '#core/delivery/delivery.ts';
import type { MatchedEndpoint, NewEvent, Priority, StoredEvent } from '#core/event/event.ts';
import type { DeliveryMessage, FanOutMessage } from '#core/message/message.ts';
import { createRequestWork } from '#core/routing/request-work.ts';
import type { AcceptPorts } from '#lambdas/ingest/accept.ts';

export const now = Date.UTC(2026, 0, 1);

interface Queued {
  readonly priority: Priority;
  readonly body: DeliveryMessage;
  readonly delay: number;
}

/** Ports that keep what they are given; `refuses` are endpoints and segments whose messages the queues will not take. */
export function recording(
  matches: readonly { endpointId: string; priority?: Priority }[],
  refuses: readonly string[] = [],
) {
  const steps: string[] = [];
  const stored: StoredEvent[] = [];
  const segments: MatchedEndpoint[] = [];
  const queued: Queued[] = [];
  const held: Delivery[] = [];
  const fanOuts: FanOutMessage[] = [];
  const ports: AcceptPorts = {
    now: () => now,
    match: async (applicationId) => (applicationId === 'known' ? matches : undefined),
    requestWork: () => createRequestWork(),
    events: {
      create: async (event) => {
        steps.push('event');
        stored.push(event);
        return 'created';
      },
      get: async (_, id) => stored.find((one) => one.id === id),
      createSegments: async (_, all) => {
        steps.push('segments');
        segments.push(...all);
      },
    },
    hold: async (delivery) => held.push(delivery),
    queue: async (priority, messages) => {
      steps.push('queue');
      const refused = messages.filter(({ body }) => refuses.includes(body.endpointId));
      queued.push(
        ...messages
          .filter((one) => !refused.includes(one))
          .map(({ body, delay }) => ({ priority, body, delay })),
      );
      return refused;
    },
    fanOut: async (messages) => {
      steps.push('fan-out');
      const refused = messages.filter(({ body }) => refuses.includes(`segment ${body.segment}`));
      fanOuts.push(...messages.filter((one) => !refused.includes(one)).map(({ body }) => body));
      return refused;
    },
  };
  return { ports, steps, stored, segments, queued, held, fanOuts };
}

export const event = (rest: Partial<NewEvent> = {}): NewEvent => ({
  type: 'order.created',
  tags: [],
  delay: 0,
  payload: '{"b":1.0,"a":12345678901234567890}',
  ...rest,
});
export const endpoints = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ endpointId: `ep_${index}` }));

export const claim = (count = 1, repeat = false) => ({
  eventIds: Array.from({ length: count }, (_, index) => `evt_${index}`),
  repeat,
});
export const away = new Error('the table is away');
