import { asObject } from '../json/json.ts';
import type { DataDir } from './data-dir.ts';

/** Small facts of one kind, such as values of secrets or positions in streams. */
export interface Section {
  get(key: string): unknown;
  /** Writes the data directory, if there is one. */
  set(key: string, value: unknown): void;
}

export type State = (section: string) => Section;

/** @param dataDir keeps each section in a file of its name. @default - in memory */
export function openState(dataDir?: DataDir): State {
  const sections = new Map<string, Section>();
  return (name) => {
    const known = sections.get(name);
    if (known !== undefined) return known;
    const values: Record<string, unknown> = { ...asObject(dataDir?.read(name)) };
    const section: Section = {
      get: (key) => values[key],
      set: (key, value) => {
        values[key] = value;
        dataDir?.write(name, values);
      },
    };
    sections.set(name, section);
    return section;
  };
}
