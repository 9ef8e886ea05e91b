import type { Application, EventType, Task, Token } from '../../client/types.ts';
import type { Shell } from '../shell/shell.ts';
import type { Styled } from '../shell/style.ts';
import type { Column, DetailRows } from '../shell/table.ts';
import { second } from './time.ts';

export const eventTypeColumns: readonly Column<EventType>[] = [
  { heading: 'NAME', cell: ({ name }) => name },
  { heading: 'STATUS', cell: (type) => eventTypeStatus(type) },
  { heading: 'SCHEMA', cell: ({ schema }) => (schema === null ? 'no' : 'yes') },
  { heading: 'DESCRIPTION', cell: ({ description }) => description ?? '', canBeCut: true },
];

/** Events of an archived type are refused. */
const eventTypeStatus = ({ archived }: EventType): Styled =>
  archived ? { text: 'archived', style: 'yellow' } : { text: 'active', style: 'green' };

export const eventTypeText = (type: EventType, shell: Shell): string =>
  shell.details([
    ['Event type', type.name],
    ['Status', eventTypeStatus(type)],
    ['Description', type.description ?? undefined],
    ['Schema', type.schema === null ? 'none: every payload is accepted' : JSON.stringify(type.schema)],
    ['Example', type.example === null ? undefined : JSON.stringify(type.example)],
    ['Created', second(type.createdAt)],
  ]);

export const applicationColumns: readonly Column<Application>[] = [
  { heading: 'ID', cell: ({ id }) => id },
  { heading: 'NAME', cell: ({ name }) => name, canBeCut: true },
  { heading: 'CREATED', cell: ({ createdAt }) => second(createdAt) },
];

export const applicationText = (application: Application, shell: Shell): string =>
  shell.details([
    ['Application', application.id],
    ['Name', application.name],
    ['Limits', JSON.stringify(application.limits)],
    ['Metadata', JSON.stringify(application.metadata)],
    ['Created', second(application.createdAt)],
  ]);

/** What a token may do. */
export const grantsOf = (token: Token): string =>
  'scopes' in token ? token.scopes.join(',') : `portal: ${token.capabilities.join(',')}`;

export const tokenColumns = (now: number): readonly Column<Token>[] => [
  { heading: 'ID', cell: ({ id }) => id },
  { heading: 'NAME', cell: ({ name }) => name, canBeCut: true },
  { heading: 'MAY', cell: grantsOf },
  { heading: 'APPLICATION', cell: ({ applicationId }) => applicationOf(applicationId) },
  { heading: 'LAST USED', cell: ({ lastUsedAt }) => second(lastUsedAt) ?? 'never' },
  { heading: 'EXPIRES', cell: ({ expiresAt }) => expiry(expiresAt, now) },
];

const applicationOf = (id: string): string => (id === '*' ? 'all' : id);

function expiry(expiresAt: string | undefined, now: number): Styled | undefined {
  if (expiresAt === undefined) return undefined;
  if (Date.parse(expiresAt) <= now) return { text: 'expired', style: 'red' };
  return { text: second(expiresAt) ?? '' };
}

/** @param before - what is said before it */
export const tokenText = (token: Token, shell: Shell, before: DetailRows = []): string =>
  shell.details([
    ...before,
    ['Token', token.id],
    ['Name', token.name],
    ['May', grantsOf(token)],
    ['Application', applicationOf(token.applicationId)],
    [
      'Rate limit',
      token.rateLimit === undefined ? undefined : `${token.rateLimit.perSecond} events a second`,
    ],
    ['Created', second(token.createdAt)],
    ['Last used', second(token.lastUsedAt) ?? 'never'],
    ['Expires', expiry(token.expiresAt, shell.ports.now()) ?? 'never'],
  ]);

const taskStyles = { queued: undefined, running: 'yellow', completed: 'green', cancelled: 'dim' } as const;
const taskStatus = ({ status }: Task): Styled => ({ text: status, style: taskStyles[status] });

export const progressOf = ({ processed, started, skipped, total, dryRun }: Task): string =>
  `${processed}${total === undefined ? '' : ` of ${total}`} checked, ${started} ${dryRun ? 'would start' : 'started'}, ${skipped} skipped`;

export const taskColumns: readonly Column<Task>[] = [
  { heading: 'ID', cell: ({ id }) => id },
  { heading: 'TYPE', cell: ({ type, dryRun }) => (dryRun ? `${type} (dry run)` : type) },
  { heading: 'STATUS', cell: taskStatus },
  { heading: 'PROGRESS', cell: progressOf },
  { heading: 'CREATED', cell: ({ createdAt }) => second(createdAt) },
];

export const taskText = (task: Task, shell: Shell): string =>
  shell.details([
    ['Task', task.id],
    ['Type', task.dryRun ? `${task.type} (dry run: it only counts)` : task.type],
    ['Status', taskStatus(task)],
    ['Progress', progressOf(task)],
    ['Event', task.eventId],
    ['Endpoint', task.endpointId],
    ['Created', second(task.createdAt)],
    ['Updated', second(task.updatedAt)],
  ]);
