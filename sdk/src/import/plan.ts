import type { NewEndpoint, NewEventType } from '../types.ts';
import { kindOf } from './json.ts';

export const systems = ['svix', 'convoy', 'hook0'] as const;
export type System = (typeof systems)[number];

/** Something that is not here as it was there. Never holds a secret. */
export interface Note {
  readonly kind: 'adapted' | 'not carried over';
  readonly text: string;
}

/** An endpoint to create. */
export interface PlannedEndpoint {
  /** What it was there, such as `svix:ep_2a…`: by it a second import finds it again. */
  readonly source: string;
  readonly endpoint: NewEndpoint;
  readonly disabled: boolean;
  readonly notes: readonly Note[];
}

/** An event type to register, found again by its name. */
export interface PlannedEventType {
  readonly source: string;
  readonly eventType: NewEventType;
  readonly notes: readonly Note[];
}

/** What is not created, and why. */
export interface LeftOut {
  readonly source: string;
  readonly name: string;
  readonly reason: string;
  /** It should have been created, had it been possible to read it. */
  readonly failed?: true;
}

/** An entry of the export that is not what its list holds. The others are imported all the same. */
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

/** Collects what becomes of one endpoint while it is mapped. */
export class Notes {
  readonly all: Note[] = [];
  /** Delivering without what could not be carried over would send what was not asked for. */
  mustNotDeliver = false;

  adapted(text: string): void {
    this.all.push({ kind: 'adapted', text });
  }

  lost(text: string): void {
    this.all.push({ kind: 'not carried over', text });
  }

  /** For what decides which events are sent, or what is in them: the endpoint is created disabled. */
  lostAndDisabled(text: string): void {
    this.lost(`${text}; created disabled: enable it when it is right`);
    this.mustNotDeliver = true;
  }
}
