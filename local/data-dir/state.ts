import { isObject } from '../json/json.ts';
import type { DataDir } from './data-dir.ts';

/** Small facts that outlive a run when there is a data directory: values of secrets, ids, stream positions. */
export interface State {
  get(section: string, key: string): unknown;
  set(section: string, key: string, value: unknown): void;
}

/** Written after each change. @param dataDir @default - in memory */
export function openState(dataDir?: DataDir): State {
  const sections = new Map<string, Record<string, unknown>>();
  const section = (name: string): Record<string, unknown> => {
    const known = sections.get(name);
    if (known !== undefined) return known;
    const stored = dataDir?.read(name);
    const fresh: Record<string, unknown> = isObject(stored) ? { ...stored } : {};
    sections.set(name, fresh);
    return fresh;
  };
  return {
    get: (name, key) => section(name)[key],
    set: (name, key, value) => {
      const values = section(name);
      values[key] = value;
      dataDir?.write(name, values);
    },
  };
}
