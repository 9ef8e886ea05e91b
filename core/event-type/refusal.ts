import type { Violation } from '#core/json-schema/run.ts';
import { Problem } from '#core/problem/problem.ts';
import { formatPath } from '#core/validation/path.ts';

/** Whether an error says that the event type refuses the event, so that sending the event again fails as well. */
export const isRefusal = (error: unknown): error is Problem =>
  error instanceof Problem && (error.code === 'payload_schema' || error.code === 'event_type_archived');

export const archivedType = (name: string): Problem =>
  new Problem('event_type_archived', {
    detail: `type: the event type ${name} is archived and accepts no events`,
    field: 'type',
    accepted:
      'a type that is not archived; PATCH /api/event-types/{name} with {"archived": false} makes it accept events again',
  });

/** @param violations - at least one. */
export function brokenSchema(name: string, violations: readonly Violation[]): Problem {
  const errors = violations.map(({ path, pointer, received, accepted }) => ({
    field: formatPath(['payload', ...path]),
    pointer,
    message: `received ${received}; accepted: ${accepted}`,
    accepted,
  }));
  const [first] = errors;
  if (first === undefined) throw new RangeError('expected at least one violation of the schema');
  return new Problem('payload_schema', {
    detail: `${first.field}: ${first.message} (by the schema of ${name})`,
    field: first.field,
    accepted: first.accepted,
    errors,
  });
}
