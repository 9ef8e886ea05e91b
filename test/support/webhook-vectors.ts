import { readFileSync } from 'node:fs';

/** A request and what a receiver must do with it. The table was made by Python's `hmac`, so it is not our own opinion. */
export interface WebhookVector {
  readonly name: string;
  /** Why a receiver must do so. */
  readonly reason: string;
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Seconds since the epoch. */
  readonly now: number;
  /** `verified`, or the code of the error. */
  readonly expected: string;
}

export const vectors: readonly WebhookVector[] = JSON.parse(
  readFileSync(new URL('../vectors/webhooks.json', import.meta.url), 'utf8'),
);
