import type { Attempt, DeadLetter, Delivery, EventSummary } from '../../client/types.ts';
import type { Shell } from '../shell/shell.ts';
import { oneLine, type Style, type Styled } from '../shell/style.ts';
import type { Column } from '../shell/table.ts';
import { duration, second } from './time.ts';

const styles: Readonly<Record<Delivery['status'], Style | undefined>> = {
  queued: undefined,
  retrying: 'yellow',
  held: 'yellow',
  succeeded: 'green',
  dead: 'red',
  cancelled: 'dim',
};

function deliveryStatus({ status, heldFor, reason }: Delivery): Styled {
  const why = heldFor ?? reason;
  return { text: why === undefined ? status : `${status} (${why})`, style: styles[status] };
}

/** What the receiver answered, or why it did not. */
const answerOf = ({ statusCode, error, success }: Attempt): string =>
  [
    ...(statusCode === undefined ? [] : [`HTTP ${statusCode}`]),
    ...(success || error === undefined ? [] : [error]),
  ].join(', ');

const lastAnswer = ({ attempts }: Delivery): string => {
  const last = attempts.at(-1);
  return last === undefined ? '' : answerOf(last);
};

/** @param other - the id that the list does not already say */
export const deliveryColumns = (other: 'eventId' | 'endpointId'): readonly Column<Delivery>[] => [
  { heading: 'ID', cell: ({ id }) => id },
  { heading: other === 'eventId' ? 'EVENT' : 'ENDPOINT', cell: (delivery) => delivery[other] },
  { heading: 'STATUS', cell: deliveryStatus },
  { heading: 'ATTEMPTS', cell: ({ attempts }) => attempts.length },
  { heading: 'LAST ANSWER', cell: lastAnswer, canBeCut: true },
  { heading: 'NEXT', cell: ({ nextAttemptAt }) => second(nextAttemptAt) },
];

export const deadLetterColumns: readonly Column<DeadLetter>[] = [
  { heading: 'ID', cell: ({ id }) => id },
  { heading: 'SINCE', cell: ({ timestamp }) => second(timestamp) },
  { heading: 'REASON', cell: ({ reason }) => ({ text: reason ?? 'dead', style: 'red' }) },
  { heading: 'CAUSE', cell: ({ finalError }) => finalError, canBeCut: true },
];

const attemptColumns: readonly Column<Attempt>[] = [
  {
    heading: 'ATTEMPT',
    cell: ({ generation, number }) => (generation === 1 ? number : `${number} (run ${generation})`),
  },
  { heading: 'STARTED', cell: ({ startedAt }) => second(startedAt) },
  { heading: 'DURATION', cell: (attempt) => duration(attempt.duration) },
  {
    heading: 'ANSWER',
    cell: (attempt) => ({ text: answerOf(attempt), style: attempt.success ? 'green' : 'red' }),
    canBeCut: true,
  },
];

export function deliveryText(delivery: Delivery, shell: Shell): string {
  const { attempts, nextAttempt, nextAttemptAt } = delivery;
  const next = nextAttempt === undefined ? undefined : `number ${nextAttempt}`;
  const facts = shell.details([
    ['Delivery', delivery.id],
    ['Event', delivery.eventId],
    ['Endpoint', delivery.endpointId],
    ['Status', deliveryStatus(delivery)],
    ['Created', second(delivery.createdAt)],
    ['Ended', second(delivery.settledAt)],
    ['Held since', second(delivery.heldSince)],
    ['Next attempt', nextAttemptAt === undefined ? next : `${next ?? ''} at ${second(nextAttemptAt)}`.trim()],
    ['Last body', attempts.at(-1)?.responseBody || undefined],
  ]);
  const table = shell.table(attemptColumns).lines(attempts);
  return table === '' ? facts : `${facts}\n${table}`;
}

/** One line for a delivery of an event, as it is now. */
export function deliveryLine({ type }: EventSummary, delivery: Delivery, shell: Shell): string {
  const { eventId, endpointId, attempts, nextAttemptAt } = delivery;
  const last = attempts.at(-1);
  const details = [
    ...(last === undefined ? [] : [answerOf(last), duration(last.duration)]),
    ...(attempts.length > 1 ? [`attempt ${attempts.length}`] : []),
    ...(nextAttemptAt === undefined ? [] : [`next at ${second(nextAttemptAt)}`]),
  ];
  const what = oneLine(`delivery  ${eventId} ${type} to ${endpointId}`);
  return `${what} ${shell.styled(deliveryStatus(delivery))} ${oneLine(details.join(', '))}`.trimEnd();
}
