import type { AwsCall } from '../aws-protocol/call.ts';

/** The use of one action of one service by one principal. */
interface MeterEntry {
  readonly principal: string;
  readonly service: string;
  readonly action: string;
  /** HTTP requests, also failed ones. */
  readonly calls: number;
  /** Calls with a status of 400 or more, or without an answer. */
  readonly errors: number;
  /** DynamoDB write request units. */
  readonly writeUnits: number;
  /** DynamoDB read request units. */
  readonly readUnits: number;
  /** Billed requests of SQS: one for each started 64 KB of payload. */
  readonly billedRequests: number;
}

/** What one call adds to its entry. */
export interface Usage {
  readonly writeUnits?: number;
  readonly readUnits?: number;
  readonly billedRequests?: number;
}

export interface Meter {
  /** Copies, in the order of first use. */
  snapshot(): readonly MeterEntry[];
  reset(): void;
}

export interface RecordingMeter extends Meter {
  record(call: AwsCall, status: number, usage: Usage): void;
}

export function createMeter(): RecordingMeter {
  type Mutable = { -readonly [Key in keyof MeterEntry]: MeterEntry[Key] };
  const unused = { calls: 0, errors: 0, writeUnits: 0, readUnits: 0, billedRequests: 0 };
  const entries = new Map<string, Mutable>();
  return {
    record: ({ principal, service, action }, status, usage) => {
      const key = `${principal} ${service} ${action}`;
      const entry = entries.get(key) ?? { principal, service, action, ...unused };
      entries.set(key, entry);
      entry.calls += 1;
      if (status === 0 || status >= 400) entry.errors += 1;
      entry.writeUnits += usage.writeUnits ?? 0;
      entry.readUnits += usage.readUnits ?? 0;
      entry.billedRequests += usage.billedRequests ?? 0;
    },
    snapshot: () => [...entries.values()].map((entry) => ({ ...entry })),
    reset: () => entries.clear(),
  };
}
