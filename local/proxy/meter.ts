/** What one principal did with one action of one service. */
export interface MeterEntry {
  readonly principal: string;
  readonly service: string;
  readonly action: string;
  /** HTTP requests, failed ones included. */
  readonly calls: number;
  /** Answers with a status of 400 or more, or none. */
  readonly errors: number;
  /** DynamoDB write request units. */
  readonly writeUnits: number;
  /** DynamoDB read request units. */
  readonly readUnits: number;
  /** SQS: requests as billed, one for each started 64 KB of payload. */
  readonly billedRequests: number;
}

export interface Meter {
  snapshot(): readonly MeterEntry[];
  reset(): void;
}
