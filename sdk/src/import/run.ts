import { ApiError } from '../client/errors.ts';
import type { Endpoint, NewEndpoint, NewEventType } from '../client/types.ts';
import { Hook0Error } from '../errors.ts';
import {
  type ImportPlan,
  type Note,
  type PlannedEndpoint,
  type PlannedEventType,
  sourceKey,
} from './plan.ts';

/** The part of the client that an import needs. */
export interface ImportTarget {
  readonly endpoints: {
    all(): AsyncIterable<Endpoint>;
    /** Rejects as `create` does, and creates nothing. */
    check(endpoint: NewEndpoint): Promise<unknown>;
    create(endpoint: NewEndpoint): Promise<Endpoint>;
    disable(id: string): Promise<unknown>;
  };
  readonly eventTypes: {
    /** Rejects as `create` does, and registers nothing. */
    check(eventType: NewEventType): Promise<unknown>;
    create(eventType: NewEventType): Promise<unknown>;
  };
}

export interface ReportLine {
  readonly outcome:
    | 'created'
    | 'would be created'
    | 'already exists'
    | 'completed'
    | 'left out'
    | 'would be refused'
    | 'failed';
  readonly what: 'event type' | 'endpoint' | 'export';
  readonly source: string;
  readonly name: string;
  readonly id?: string;
  readonly disabled?: boolean;
  readonly reason?: string;
  readonly notes: readonly Note[];
}

/**
 * Executes a plan, one entry after the other, event types first. It finds by its source what an earlier run created, and
 * does not change it. The exception is an endpoint that an earlier run created but did not disable: this run disables it.
 * After a failure it continues with the next entry.
 *
 * @param target - without it, the plan is only reported: existing endpoints and refusals are unknown
 * @throws ApiError, NoAnswerError when the existing endpoints cannot be read
 */
export async function* runImport(
  { eventTypes, endpoints, leftOut }: ImportPlan,
  target: ImportTarget | undefined,
  dryRun: boolean,
): AsyncGenerator<ReportLine, void, undefined> {
  const existing = new Map<string, Endpoint>();
  for await (const endpoint of target?.endpoints.all() ?? []) {
    const source = endpoint.metadata[sourceKey];
    if (typeof source === 'string') existing.set(source, endpoint);
  }
  for (const planned of eventTypes) yield await register(planned, target, dryRun);
  for (const planned of endpoints) {
    const line = {
      what: 'endpoint' as const,
      source: planned.source,
      name: planned.endpoint.name,
      notes: planned.notes,
    };
    try {
      const found = existing.get(planned.source);
      if (found !== undefined) {
        yield { ...line, notes: [], ...(await complete(planned, found, target, dryRun)) };
      } else if (target === undefined || dryRun) {
        await target?.endpoints.check(planned.endpoint);
        yield { ...line, outcome: 'would be created', disabled: planned.disabled };
      } else {
        const created = await create(planned, target);
        existing.set(planned.source, created);
        yield { ...line, outcome: 'created', id: created.id, disabled: planned.disabled };
      }
    } catch (error) {
      if (!(error instanceof Hook0Error)) throw error;
      yield { ...line, ...failure(error, dryRun) };
    }
  }
  for (const { source, name, reason, failed = false } of leftOut) {
    yield { outcome: failed ? 'failed' : 'left out', what: 'export', source, name, reason, notes: [] };
  }
}

async function register(
  { eventType, source, notes }: PlannedEventType,
  target: ImportTarget | undefined,
  dryRun: boolean,
): Promise<ReportLine> {
  const line = { what: 'event type' as const, source, name: eventType.name, notes };
  if (target === undefined) return { ...line, outcome: 'would be created' };
  try {
    await (dryRun ? target.eventTypes.check(eventType) : target.eventTypes.create(eventType));
    return { ...line, outcome: dryRun ? 'would be created' : 'created' };
  } catch (error) {
    if (!(error instanceof Hook0Error)) throw error;
    switch (error instanceof ApiError ? error.code : undefined) {
      case 'already_exists':
        return { ...line, notes: [], outcome: 'already exists' };
      case 'route_not_found':
        return { ...line, outcome: 'left out', reason: 'this deployment does not register event types' };
      default:
        return { ...line, ...failure(error, dryRun) };
    }
  }
}

/** The error, and every further invalid field that the API names. */
function failure(error: Hook0Error, dryRun: boolean): Pick<ReportLine, 'outcome' | 'reason'> {
  if (!(error instanceof ApiError)) return { outcome: 'failed', reason: error.message };
  const more = error.errors.slice(1).map(({ field, message }) => `${field}: ${message}`);
  const isRefusal = dryRun && error.code === 'validation_failed';
  return {
    outcome: isRefusal ? 'would be refused' : 'failed',
    reason: [error.message, ...more].join('; '),
  };
}

async function create({ endpoint, disabled }: PlannedEndpoint, target: ImportTarget): Promise<Endpoint> {
  const created = await target.endpoints.create(endpoint);
  if (disabled) await target.endpoints.disable(created.id);
  return created;
}

async function complete(
  { disabled }: PlannedEndpoint,
  { id, status, statusSince, createdAt }: Endpoint,
  target: ImportTarget | undefined,
  dryRun: boolean,
): Promise<Pick<ReportLine, 'outcome' | 'id' | 'disabled'>> {
  // An endpoint that has always been active was left by an interrupted run. One that changed was enabled on purpose.
  const isInterrupted = disabled && status === 'active' && statusSince === createdAt;
  if (!isInterrupted || dryRun) return { outcome: 'already exists', id };
  await target?.endpoints.disable(id);
  return { outcome: 'completed', id, disabled: true };
}
