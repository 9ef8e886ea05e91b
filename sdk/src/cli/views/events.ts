import type {
  AcceptedEvent,
  Delivery,
  EventMatching,
  EventSummary,
  StoredEvent,
} from '../../client/types.ts';
import type { Shell } from '../shell/shell.ts';
import type { Column } from '../shell/table.ts';
import { deliveryColumns } from './deliveries.ts';
import { plural, second } from './time.ts';

export const eventColumns: readonly Column<EventSummary>[] = [
  { heading: 'ID', cell: ({ id }) => id },
  { heading: 'TIME', cell: ({ timestamp }) => second(timestamp) },
  { heading: 'TYPE', cell: ({ type }) => type },
  { heading: 'ENDPOINTS', cell: ({ webhookCount }) => webhookCount },
  { heading: 'SOURCE', cell: ({ source }) => source, canBeCut: true },
  { heading: 'TAGS', cell: ({ tags }) => tags.join(','), canBeCut: true },
];

export const matchingColumns: readonly Column<EventMatching>[] = [
  { heading: 'ENDPOINT', cell: ({ endpointId }) => endpointId },
  { heading: 'NAME', cell: ({ name }) => name, canBeCut: true },
  {
    heading: 'OUTCOME',
    cell: ({ outcome }) => ({ text: outcome, style: outcome === 'matched' ? 'green' : 'yellow' }),
  },
  { heading: 'WHY', cell: ({ explanation }) => explanation },
];

export const acceptedText = ({ eventId, webhookCount }: AcceptedEvent): string =>
  `${eventId} goes to ${plural(webhookCount, 'endpoint')}\n`;

/** The event, what it holds, and what became of each delivery. */
export function eventText(
  event: StoredEvent,
  payload: string,
  deliveries: readonly Delivery[],
  shell: Shell,
): string {
  const facts = shell.details([
    ['Event', event.id],
    ['Type', event.type],
    ['Source', event.source],
    ['Tags', event.tags.length === 0 ? undefined : event.tags.join(', ')],
    ['Accepted', second(event.timestamp)],
    ['Delivered from', second(event.deliverAt)],
    ['Deliveries', summaryOf(event, deliveries)],
    ['Payload', payload],
  ]);
  const table = shell.table(deliveryColumns('endpointId')).lines(deliveries);
  return table === '' ? facts : `${facts}\n${table}`;
}

function summaryOf({ webhookCount }: StoredEvent, deliveries: readonly Delivery[]): string {
  if (webhookCount === 0) return 'none, because no endpoint subscribed to it';
  const counts = new Map<string, number>();
  for (const { status } of deliveries) counts.set(status, (counts.get(status) ?? 0) + 1);
  const known = [...counts].map(([status, count]) => `${count} ${status}`);
  const rest = webhookCount - deliveries.length;
  return [...known, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
