import type { StoredEvent } from '../../client/types.ts';
import type { Shell } from '../shell/shell.ts';
import { memberText } from './member-text.ts';

/**
 * An event with the text of its payload, byte for byte: a parsed number such as 12345678901234567890 has lost digits.
 *
 * @param limit - deliveries, at most 100
 */
export async function eventWithText(
  shell: Shell,
  id: string,
  limit: number,
): Promise<{ readonly event: StoredEvent; readonly payloadText: string }> {
  let text = '';
  const client = shell.client({
    fetch: async (...request) => {
      const response = await fetch(...request);
      text = await response.clone().text();
      return response;
    },
  });
  const event = await client.events.get(id, { limit });
  return { event, payloadText: memberText(text, 'payload') ?? JSON.stringify(event.payload) };
}
