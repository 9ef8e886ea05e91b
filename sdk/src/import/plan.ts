import type { NewEndpoint, NewEventType } from '../client/types.ts';
import { kindOf } from './json.ts';

export const systems = ['svix', 'convoy', 'hook0'] as const;
export type System = (typeof systems)[number];

/** A difference between the export and the result. It never contains a secret. */
export interface Note {
  readonly kind: 'adapted' | 'not carried over';
  readonly text: string;
}

/** An endpoint to create. */
export interface PlannedEndpoint {
  /** Its origin, such as `svix:ep_2a…`, by which a second import finds the endpoint. */
  readonly source: string;
  readonly endpoint: NewEndpoint;
  readonly disabled: boolean;
  readonly notes: readonly Note[];
}

/** An event type to register. A second import finds it by its name. */
export interface PlannedEventType {
  readonly source: string;
  readonly eventType: NewEventType;
  readonly notes: readonly Note[];
}

/** An entry that is not created, and the reason. */
export interface LeftOut {
  readonly source: string;
  readonly name: string;
  readonly reason: string;
  /** The entry has the wrong form, so this is a failure and not a decision. */
  readonly failed?: true;
}

/** An entry with the wrong form. The other entries of the export are still imported. */
export function unreadable(system: System, where: string, expected: string, received: unknown): LeftOut {
  const reason = `expected ${expected}; received ${kindOf(received)}`;
  return { source: `${system}:${where}`, name: where, reason, failed: true };
}

export interface ImportPlan {
  readonly eventTypes: readonly PlannedEventType[];
  readonly endpoints: readonly PlannedEndpoint[];
  readonly leftOut: readonly LeftOut[];
}

/** The key in an endpoint's metadata that holds its `source`. */
export const sourceKey = 'importedFrom';

/** Collects the notes about one endpoint. */
export class Notes {
  readonly all: Note[] = [];
  /** Whether deliveries would go wrong, because a setting that decides about them was not carried over. */
  mustNotDeliver = false;

  adapted(text: string): void {
    this.all.push({ kind: 'adapted', text });
  }

  lost(text: string): void {
    this.all.push({ kind: 'not carried over', text });
  }

  /** For a setting that decides which events are sent, or what they contain. The endpoint is created disabled. */
  lostAndDisabled(text: string): void {
    this.lost(`${text}; created disabled: check it, then enable it`);
    this.mustNotDeliver = true;
  }
}
