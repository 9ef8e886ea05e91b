import { itemsOf } from '../../client/api.ts';
import type { Hook0Client } from '../../client/client.ts';
import type { Delivery, Endpoint } from '../../client/types.ts';
import { sign } from '../../testing/sign.ts';
import { eventWithText } from '../requests/event-with-text.ts';
import type { Shell } from '../shell/shell.ts';
import type { Listener, SignedWebhook } from './listener.ts';

/** A name that never has an address (RFC 2606), so that nothing is sent in the moment before the pause. */
const nowhere = 'https://hook0-listen.invalid/';
/** Milliseconds between two looks. */
const period = 1_000;
const pageSize = 100;

/** Fetches what is held for a paused endpoint, signs it as Hook0 does, and hands it over, oldest first. */
export async function listenByPolling(listener: Listener, shell: Shell): Promise<void> {
  const { ports } = shell;
  const stopped = ports.interrupts();
  const client = shell.client();
  await listener.withEndpoint(client, { url: nowhere }, async (endpoint, secret) => {
    await client.endpoints.pause(endpoint.id);
    listener.ready(secret, 'are fetched once a second');
    const seen = new Set<string>();
    while (!stopped.aborted) {
      for (const delivery of await unseen(client, endpoint, seen)) {
        seen.add(delivery.id);
        await listener.handle(await webhookOf(delivery, endpoint, secret, shell), secret);
      }
      await ports.sleep(period, stopped);
    }
  });
}

/** Oldest first. */
async function unseen(
  { endpoints }: Hook0Client,
  { id }: Endpoint,
  seen: ReadonlySet<string>,
): Promise<readonly Delivery[]> {
  const found: Delivery[] = [];
  let known = 0;
  for await (const delivery of itemsOf((cursor) =>
    endpoints.deliveries(id, { limit: pageSize, ...cursor }),
  )) {
    if (!seen.has(delivery.id)) found.unshift(delivery);
    known = seen.has(delivery.id) ? known + 1 : 0;
    // New ones come first, so that what follows a page of known ones is known as well.
    if (known === pageSize) break;
  }
  return found;
}

/** The webhook that the deployment would send, with the payload byte for byte. */
async function webhookOf(
  { id, eventId }: Delivery,
  { security, headers }: Endpoint,
  secret: string,
  shell: Shell,
): Promise<SignedWebhook> {
  const { event, payloadText: body } = await eventWithText(shell, eventId, 1);
  const { signatureHeader } = security;
  const signed = await sign({ secret, body, id: eventId, now: shell.ports.now(), signatureHeader });
  return {
    body,
    headers: {
      ...headers,
      ...lowerCase(signed.headers),
      'x-hook0-event-type': event.type,
      'x-hook0-event-id': eventId,
      'x-hook0-timestamp': event.timestamp,
      'x-hook0-delivery-id': id,
      'x-hook0-attempt': '1',
    },
  };
}

const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
