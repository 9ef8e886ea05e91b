// Made by `npm run sdk:types`. Do not edit.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly Accepted: {
            /** @constant */
            readonly success: true;
            readonly eventId: string;
            /** @description How many endpoints matched. Each has a delivery that is queued or held. */
            readonly webhookCount: number;
        };
        readonly Application: {
            readonly id: string;
            readonly name: string;
            /** @description Any JSON that you set; filters may refer to it. */
            readonly metadata: {
                readonly [key: string]: unknown;
            };
            /** @description Limits that an operator set, or those of the deployment. */
            readonly limits: {
                readonly endpoints: number;
                readonly eventTypes: number;
            };
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly ApplicationInput: {
            /** @description 1 to 64 of a-z 0-9 _ -, starting with a letter or digit */
            readonly id?: string | null;
            /** @description a string of 1 to 200 characters without control characters */
            readonly name: string;
            /**
             * @description an object of at most 4096 bytes as JSON and 5 levels
             * @default {}
             */
            readonly metadata?: {
                readonly [key: string]: unknown;
            } | null;
            /** @default {} */
            readonly limits?: {
                /** @description a whole number from 0 to 1000000 */
                readonly endpoints?: number;
                /** @description a whole number from 0 to 1000000 */
                readonly eventTypes?: number;
            } | null;
        };
        readonly ApplicationPage: {
            readonly data: readonly components["schemas"]["Application"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly ApplicationPatch: {
            /** @description a string of 1 to 200 characters without control characters */
            readonly name?: string | null;
            /** @description an object of at most 4096 bytes as JSON and 5 levels */
            readonly metadata?: {
                readonly [key: string]: unknown;
            } | null;
            readonly limits?: {
                /** @description a whole number from 0 to 1000000 */
                readonly endpoints?: number | null;
                /** @description a whole number from 0 to 1000000 */
                readonly eventTypes?: number | null;
            } | null;
        };
        readonly ApplicationRemoval: {
            readonly id: string;
            /** @constant */
            readonly status: "purging";
        };
        readonly ApplicationStats: {
            readonly applicationId: string;
            /** @description Accepted events. */
            readonly events: number;
            /**
             * Format: date-time
             * @description When the first hour begins.
             */
            readonly since: string;
            /**
             * Format: date-time
             * @description When the last hour ends.
             */
            readonly until: string;
            readonly totals: {
                readonly attempts: number;
                readonly successes: number;
                readonly failures: number;
                /** @description Successes divided by attempts; null without attempts. */
                readonly successRate: number | null;
                /** @description Attempts after the first of their generation, by attempt number. */
                readonly retries: {
                    readonly [key: string]: number;
                };
                /** @description Deliveries that ended. */
                readonly settled: {
                    readonly succeeded: number;
                    readonly cancelled: number;
                    readonly dead: number;
                    readonly deadByReason: {
                        readonly [key: string]: number;
                    };
                };
                /** @description Milliseconds. Quantiles are estimates from the buckets; null without attempts. */
                readonly duration: {
                    readonly average: number | null;
                    readonly p50: number | null;
                    readonly p95: number | null;
                    readonly p99: number | null;
                    /** @description Attempts that took at most atMost and longer than the previous bound. The last bucket has no bound. */
                    readonly buckets: readonly {
                        readonly atMost: number | null;
                        readonly attempts: number;
                    }[];
                };
                readonly lastSuccessAt: string | null;
                readonly lastFailureAt: string | null;
            };
            /** @description By hour, earliest first. Hours without counts are left out. */
            readonly series: readonly {
                /**
                 * Format: date-time
                 * @description When it begins.
                 */
                readonly hour: string;
                readonly attempts: number;
                readonly successes: number;
                readonly failures: number;
                readonly succeeded: number;
                readonly cancelled: number;
                readonly dead: number;
                readonly events: number;
            }[];
            /** @description The endpoints with the most failures, at most 10. */
            readonly topFailingEndpoints: readonly {
                readonly endpointId: string;
                readonly failures: number;
            }[];
        };
        readonly Attempt: {
            /** @description Starts at 1 in each generation. */
            readonly number: number;
            readonly generation: number;
            /** Format: date-time */
            readonly startedAt: string;
            /** @description Milliseconds. */
            readonly duration: number;
            readonly success: boolean;
            /** @description Absent without an answer. */
            readonly statusCode?: number;
            readonly responseHeaders?: {
                readonly [key: string]: string;
            };
            /** @description At most 1 KB of text. */
            readonly responseBody?: string;
            readonly errorClass?: string;
            readonly error?: string;
            readonly retryable: boolean;
            /** Format: date-time */
            readonly nextAttemptAt?: string;
        };
        readonly BatchAnswer: {
            /** @description One result for each event, in order. */
            readonly results: readonly (components["schemas"]["Accepted"] | {
                /** @constant */
                readonly success: false;
                readonly error: components["schemas"]["Problem"];
            })[];
        };
        readonly Circuit: {
            /** @enum {string} */
            readonly state: "closed" | "open" | "half_open";
            /** @description Consecutive failures. */
            readonly failures: number;
            /**
             * Format: date-time
             * @description The time of the first of these failures.
             */
            readonly failingSince?: string;
            /**
             * Format: date-time
             * @description The earliest time of the next probe; only while it is not closed.
             */
            readonly openUntil?: string;
        };
        readonly DeadLetter: {
            readonly id: string;
            readonly eventId: string;
            readonly endpointId: string;
            /** @enum {string} */
            readonly status: "queued" | "retrying" | "held" | "succeeded" | "dead" | "cancelled";
            /**
             * @description Only while it is held.
             * @enum {string}
             */
            readonly heldFor?: "backoff" | "circuit" | "paused" | "rate_limit" | "scheduled";
            /**
             * Format: date-time
             * @description Only while it is held, and not while it waits in a queue.
             */
            readonly heldSince?: string;
            /** @description Only of a dead or cancelled delivery. */
            readonly reason?: string;
            /** @description The number of the run of attempts. A retry or redrive starts the next one. */
            readonly generation: number;
            /** @description The last 20 attempts of all generations, oldest first. Only the last 5 have bodies and headers. */
            readonly attempts: readonly components["schemas"]["Attempt"][];
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly settledAt?: string;
            /** @description The number of the attempt that is next or running; absent after the delivery has settled. */
            readonly nextAttempt?: number;
            /**
             * Format: date-time
             * @description The earliest time of the next attempt; absent while an attempt may be running, and while the time is not known, such as during a pause.
             */
            readonly nextAttemptAt?: string;
            /** @description The error of the last attempt, or the status of its answer. */
            readonly finalError: string;
            /** @description Attempts after the first in the last generation. */
            readonly retryCount: number;
            /**
             * Format: date-time
             * @description When it became a dead letter.
             */
            readonly timestamp: string;
        };
        readonly DeadLetterPage: {
            readonly data: readonly components["schemas"]["DeadLetter"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly Delivery: {
            readonly id: string;
            readonly eventId: string;
            readonly endpointId: string;
            /** @enum {string} */
            readonly status: "queued" | "retrying" | "held" | "succeeded" | "dead" | "cancelled";
            /**
             * @description Only while it is held.
             * @enum {string}
             */
            readonly heldFor?: "backoff" | "circuit" | "paused" | "rate_limit" | "scheduled";
            /**
             * Format: date-time
             * @description Only while it is held, and not while it waits in a queue.
             */
            readonly heldSince?: string;
            /** @description Only of a dead or cancelled delivery. */
            readonly reason?: string;
            /** @description The number of the run of attempts. A retry or redrive starts the next one. */
            readonly generation: number;
            /** @description The last 20 attempts of all generations, oldest first. Only the last 5 have bodies and headers. */
            readonly attempts: readonly components["schemas"]["Attempt"][];
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly settledAt?: string;
            /** @description The number of the attempt that is next or running; absent after the delivery has settled. */
            readonly nextAttempt?: number;
            /**
             * Format: date-time
             * @description The earliest time of the next attempt; absent while an attempt may be running, and while the time is not known, such as during a pause.
             */
            readonly nextAttemptAt?: string;
        };
        readonly DeliveryPage: {
            readonly data: readonly components["schemas"]["Delivery"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly Endpoint: {
            readonly id: string;
            readonly applicationId: string;
            readonly name: string;
            readonly url: string;
            /** @description Event types, prefixes such as order.*, or *. */
            readonly events: readonly string[];
            /** @description Headers of each attempt. Values that look like credentials are masked. A masked value that is sent back means unchanged. */
            readonly headers: {
                readonly [key: string]: string;
            };
            /** @description Maximum duration of an attempt in milliseconds. */
            readonly timeout: number;
            /** @enum {string} */
            readonly priority: "high" | "normal" | "low";
            /** @description The retry policy with all defaults. */
            readonly retryConfig: components["schemas"]["RetryPolicy"];
            readonly circuitBreaker: {
                readonly enabled: boolean;
                /** @description Consecutive failures that open the circuit. */
                readonly threshold: number;
                /** @description Milliseconds from the opening to the first probe. */
                readonly timeout: number;
            };
            readonly circuit: components["schemas"]["Circuit"];
            readonly rateLimit: {
                readonly perSecond: number;
            } | null;
            readonly security: {
                /** @description The header of the signature that is sent in addition to Standard Webhooks. */
                readonly signatureHeader: string;
                /**
                 * @description The content of that header: standard is a hex HMAC-SHA256 of the body, hook0-v1 is the signature of the original Hook0.
                 * @enum {string}
                 */
                readonly signatureScheme: "standard" | "hook0-v1";
            };
            readonly filters: components["schemas"]["Filter"] | null;
            /** @description Any JSON that you set; filters may refer to it. */
            readonly metadata: {
                readonly [key: string]: unknown;
            };
            /**
             * @description paused: deliveries are held. disabled: no event matches the endpoint.
             * @enum {string}
             */
            readonly status: "active" | "paused" | "disabled";
            /** @description Why the system disabled it. */
            readonly statusReason?: string;
            /** Format: date-time */
            readonly statusSince: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly EndpointInput: {
            /** @description a string of 1 to 200 characters without control characters */
            readonly name: string;
            /** @description an absolute https URL */
            readonly url: string;
            /** @description an array of 1 to 100 event patterns, such as ["order.created", "order.*"] or ["*"] */
            readonly events: readonly string[];
            /**
             * @description an object of header names and string values
             * @default {}
             */
            readonly headers?: {
                readonly [key: string]: string;
            } | null;
            /**
             * @description a whole number from 1000 to 30000 milliseconds
             * @default 30000
             */
            readonly timeout?: number | null;
            /**
             * @description one of high, normal, low
             * @default normal
             */
            readonly priority?: ("high" | "normal" | "low") | null;
            /**
             * @description "standard" or an object such as {"maxAttempts": 5}
             * @default standard
             */
            readonly retryConfig?: ("standard" | {
                /** @description a whole number from 1 to 50 */
                readonly maxAttempts?: number;
                /**
                 * @description one of exponential, linear, fixed, custom
                 * @enum {string}
                 */
                readonly strategy?: "exponential" | "linear" | "fixed" | "custom";
                /** @description a whole number from 1 to 604800000 milliseconds */
                readonly baseDelay?: number;
                /** @description a whole number from 1 to 604800000 milliseconds */
                readonly maxDelay?: number;
                /** @description true or false */
                readonly jitter?: boolean;
                /** @description an array of 1 to 49 waits in milliseconds */
                readonly schedule?: readonly number[];
                /** @description an array of a status of 400 to 599 but 410, or "4xx" or "5xx" */
                readonly retryableStatuses?: readonly (number | ("4xx" | "5xx"))[];
                /** @description A short form of circuitBreaker.enabled. */
                readonly circuitBreaker?: boolean;
            } | {
                /** @constant */
                readonly strategy: "standard";
            }) | null;
            /**
             * @default {
             *       "enabled": true,
             *       "threshold": 5,
             *       "timeout": 60000
             *     }
             */
            readonly circuitBreaker?: {
                /**
                 * @description true or false
                 * @default true
                 */
                readonly enabled?: boolean;
                /**
                 * @description a whole number from 1 to 1000 failures
                 * @default 5
                 */
                readonly threshold?: number;
                /**
                 * @description a whole number from 1000 to 3600000 milliseconds
                 * @default 60000
                 */
                readonly timeout?: number;
            } | null;
            readonly rateLimit?: {
                /** @description a whole number from 1 to 10000 */
                readonly perSecond: number;
            } | null;
            /**
             * @default {
             *       "signatureHeader": "X-Hook0-Signature",
             *       "signatureScheme": "standard"
             *     }
             */
            readonly security?: {
                /** @description whsec_ and the base64 of 24 to 64 bytes, or 8 to 256 visible characters */
                readonly secret?: string;
                /**
                 * @description a header name
                 * @default X-Hook0-Signature
                 */
                readonly signatureHeader?: string;
                /**
                 * @description one of standard, hook0-v1
                 * @default standard
                 * @enum {string}
                 */
                readonly signatureScheme?: "standard" | "hook0-v1";
            } | null;
            readonly filters?: components["schemas"]["FilterInput"] | null;
            /**
             * @description an object of at most 4096 bytes as JSON and 5 levels
             * @default {}
             */
            readonly metadata?: {
                readonly [key: string]: unknown;
            } | null;
        };
        readonly EndpointPage: {
            readonly data: readonly components["schemas"]["Endpoint"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly EndpointPatch: {
            /** @description a string of 1 to 200 characters without control characters */
            readonly name?: string | null;
            /** @description an absolute https URL */
            readonly url?: string | null;
            /** @description an array of 1 to 100 event patterns, such as ["order.created", "order.*"] or ["*"] */
            readonly events?: readonly string[] | null;
            /** @description an object of header names and string values */
            readonly headers?: {
                readonly [key: string]: string | null;
            } | null;
            /** @description a whole number from 1000 to 30000 milliseconds */
            readonly timeout?: number | null;
            /** @description one of high, normal, low */
            readonly priority?: ("high" | "normal" | "low") | null;
            /** @description "standard" or an object such as {"maxAttempts": 5} */
            readonly retryConfig?: ("standard" | {
                /** @description a whole number from 1 to 50 */
                readonly maxAttempts?: number | null;
                /** @description one of exponential, linear, fixed, custom */
                readonly strategy?: ("exponential" | "linear" | "fixed" | "custom") | null;
                /** @description a whole number from 1 to 604800000 milliseconds */
                readonly baseDelay?: number | null;
                /** @description a whole number from 1 to 604800000 milliseconds */
                readonly maxDelay?: number | null;
                /** @description true or false */
                readonly jitter?: boolean | null;
                /** @description an array of 1 to 49 waits in milliseconds */
                readonly schedule?: readonly number[] | null;
                /** @description an array of a status of 400 to 599 but 410, or "4xx" or "5xx" */
                readonly retryableStatuses?: readonly (number | ("4xx" | "5xx"))[] | null;
                /** @description A short form of circuitBreaker.enabled. */
                readonly circuitBreaker?: boolean | null;
            } | {
                readonly strategy?: "standard" | null;
            }) | null;
            readonly circuitBreaker?: {
                /** @description true or false */
                readonly enabled?: boolean | null;
                /** @description a whole number from 1 to 1000 failures */
                readonly threshold?: number | null;
                /** @description a whole number from 1000 to 3600000 milliseconds */
                readonly timeout?: number | null;
            } | null;
            readonly rateLimit?: {
                /** @description a whole number from 1 to 10000 */
                readonly perSecond?: number | null;
            } | null;
            readonly security?: {
                /** @description whsec_ and the base64 of 24 to 64 bytes, or 8 to 256 visible characters */
                readonly secret?: string | null;
                /** @description a header name */
                readonly signatureHeader?: string | null;
                /** @description one of standard, hook0-v1 */
                readonly signatureScheme?: ("standard" | "hook0-v1") | null;
            } | null;
            readonly filters?: components["schemas"]["FilterInput"] | null;
            /** @description an object of at most 4096 bytes as JSON and 5 levels */
            readonly metadata?: {
                readonly [key: string]: unknown;
            } | null;
        };
        readonly EndpointStats: {
            readonly endpointId: string;
            /**
             * Format: date-time
             * @description When the first hour begins.
             */
            readonly since: string;
            /**
             * Format: date-time
             * @description When the last hour ends.
             */
            readonly until: string;
            readonly totals: {
                readonly attempts: number;
                readonly successes: number;
                readonly failures: number;
                /** @description Successes divided by attempts; null without attempts. */
                readonly successRate: number | null;
                /** @description Attempts after the first of their generation, by attempt number. */
                readonly retries: {
                    readonly [key: string]: number;
                };
                /** @description Deliveries that ended. */
                readonly settled: {
                    readonly succeeded: number;
                    readonly cancelled: number;
                    readonly dead: number;
                    readonly deadByReason: {
                        readonly [key: string]: number;
                    };
                };
                /** @description Milliseconds. Quantiles are estimates from the buckets; null without attempts. */
                readonly duration: {
                    readonly average: number | null;
                    readonly p50: number | null;
                    readonly p95: number | null;
                    readonly p99: number | null;
                    /** @description Attempts that took at most atMost and longer than the previous bound. The last bucket has no bound. */
                    readonly buckets: readonly {
                        readonly atMost: number | null;
                        readonly attempts: number;
                    }[];
                };
                readonly lastSuccessAt: string | null;
                readonly lastFailureAt: string | null;
            };
            /** @description By hour, earliest first. Hours without counts are left out. */
            readonly series: readonly {
                /**
                 * Format: date-time
                 * @description When it begins.
                 */
                readonly hour: string;
                readonly attempts: number;
                readonly successes: number;
                readonly failures: number;
                readonly succeeded: number;
                readonly cancelled: number;
                readonly dead: number;
            }[];
        };
        readonly EndpointTest: {
            readonly success: boolean;
            /** @description The webhook-id that the receiver gets. No event with this id is stored. */
            readonly eventId: string;
            readonly eventType: string;
            readonly attempt: components["schemas"]["Attempt"];
        };
        readonly EndpointTestInput: {
            /** @description an event type such as order.created */
            readonly type?: string;
            /** @description any JSON value, at most 262144 bytes as text */
            readonly payload?: unknown;
        };
        readonly Event: {
            readonly id: string;
            readonly applicationId: string;
            readonly type: string;
            readonly source?: string;
            readonly tags: readonly string[];
            /**
             * Format: date-time
             * @description When the event was accepted.
             */
            readonly timestamp: string;
            /**
             * Format: date-time
             * @description The time of the first attempts; absent without a delay.
             */
            readonly deliverAt?: string;
            /** @description How many endpoints matched. */
            readonly webhookCount: number;
            /** @description The payload, byte for byte as it was posted. */
            readonly payload: unknown;
            /** @description A page of deliveries, in the order of the endpoints. */
            readonly deliveries: readonly components["schemas"]["Delivery"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly EventBatchInput: {
            /** @description 1 to 100 events */
            readonly events: readonly components["schemas"]["EventInput"][];
        };
        readonly EventInput: {
            /** @description an event type such as order.created */
            readonly type: string;
            readonly source?: string | null;
            /** @description any JSON value, at most 262144 bytes as text */
            readonly payload: unknown;
            readonly options?: {
                readonly priority?: ("high" | "normal" | "low") | null;
                readonly delay?: number | null;
                readonly tags?: readonly string[] | null;
            } | null;
        };
        readonly EventPage: {
            readonly data: readonly components["schemas"]["EventSummary"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly EventSummary: {
            readonly id: string;
            readonly applicationId: string;
            readonly type: string;
            readonly source?: string;
            readonly tags: readonly string[];
            /**
             * Format: date-time
             * @description When the event was accepted.
             */
            readonly timestamp: string;
            /**
             * Format: date-time
             * @description The time of the first attempts; absent without a delay.
             */
            readonly deliverAt?: string;
            /** @description How many endpoints matched. */
            readonly webhookCount: number;
        };
        readonly EventType: {
            readonly name: string;
            readonly applicationId: string;
            readonly description: string | null;
            /** @description The JSON Schema of payloads; null accepts every payload. */
            readonly schema: unknown;
            /** @description An example payload for people, or null. */
            readonly example: unknown;
            /** @description Whether events of this type are refused. */
            readonly archived: boolean;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly EventTypeInput: {
            /** @description an event type such as order.created */
            readonly name: string;
            /** @description a string of 1 to 1000 characters without control characters */
            readonly description?: string | null;
            /** @description a JSON Schema (2020-12) of at most 65536 bytes */
            readonly schema?: (Record<string, unknown> | boolean) | null;
            /** @description a payload that matches the schema, at most 16384 bytes as JSON */
            readonly example?: unknown;
            /**
             * @description true or false
             * @default false
             */
            readonly archived?: boolean | null;
        };
        readonly EventTypePage: {
            readonly data: readonly components["schemas"]["EventType"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly EventTypePatch: {
            /** @description a string of 1 to 1000 characters without control characters */
            readonly description?: string | null;
            /** @description a JSON Schema (2020-12) of at most 65536 bytes */
            readonly schema?: (Record<string, unknown> | boolean) | null;
            /** @description a payload that matches the schema, at most 16384 bytes as JSON */
            readonly example?: unknown;
            /** @description true or false */
            readonly archived?: boolean | null;
        };
        readonly Filter: {
            /**
             * @default AND
             * @enum {string}
             */
            readonly logic: "AND" | "OR";
            /** @default [] */
            readonly conditions: readonly ({
                readonly field: string;
                /** @enum {string} */
                readonly operator: "eq" | "ne" | "gt" | "gte" | "lt" | "lte" | "in" | "nin" | "contains" | "regex" | "exists";
                readonly value: unknown;
            } | components["schemas"]["Filter"])[];
        };
        readonly FilterInput: {
            /**
             * @default AND
             * @enum {string}
             */
            readonly logic?: "AND" | "OR";
            /** @default [] */
            readonly conditions?: readonly ({
                readonly field: string;
                /** @enum {string} */
                readonly operator: "eq" | "ne" | "gt" | "gte" | "lt" | "lte" | "in" | "nin" | "contains" | "regex" | "exists";
                readonly value: unknown;
            } | components["schemas"]["FilterInput"])[];
        };
        readonly Health: {
            /** @enum {string} */
            readonly status: "healthy" | "unhealthy";
            readonly version: string;
            /** Format: date-time */
            readonly timestamp: string;
        };
        readonly Metrics: {
            readonly metrics: {
                readonly hook0_events_received_total?: {
                    /** @constant */
                    readonly type: "counter";
                    readonly help: string;
                    readonly samples: readonly {
                        readonly labels: {
                            readonly event_type: string;
                            readonly source: string;
                        };
                        readonly value: number;
                    }[];
                };
                readonly hook0_webhooks_sent_total?: {
                    /** @constant */
                    readonly type: "counter";
                    readonly help: string;
                    readonly samples: readonly {
                        readonly labels: {
                            readonly endpoint: string;
                            /** @enum {string} */
                            readonly status: "success" | "failure";
                        };
                        readonly value: number;
                    }[];
                };
                readonly hook0_webhook_duration_seconds?: {
                    /** @constant */
                    readonly type: "histogram";
                    readonly help: string;
                    readonly samples: readonly {
                        /** @enum {string} */
                        readonly name: "hook0_webhook_duration_seconds_bucket" | "hook0_webhook_duration_seconds_sum" | "hook0_webhook_duration_seconds_count";
                        readonly labels: {
                            readonly endpoint: string;
                            readonly le?: string;
                        };
                        readonly value: number;
                    }[];
                };
                readonly hook0_queue_size?: {
                    /** @constant */
                    readonly type: "gauge";
                    readonly help: string;
                    readonly samples: readonly {
                        readonly labels: {
                            readonly queue_name: string;
                        };
                        readonly value: number;
                    }[];
                };
                readonly hook0_retry_attempts_total?: {
                    /** @constant */
                    readonly type: "counter";
                    readonly help: string;
                    readonly samples: readonly {
                        readonly labels: {
                            readonly endpoint: string;
                            readonly attempt_number: string;
                        };
                        readonly value: number;
                    }[];
                };
                /** @description 0 closed, 1 open, 2 half-open. */
                readonly hook0_circuit_breaker_state?: {
                    /** @constant */
                    readonly type: "gauge";
                    readonly help: string;
                    readonly samples: readonly {
                        readonly labels: {
                            readonly endpoint: string;
                        };
                        readonly value: number;
                    }[];
                };
            };
            /** @description Pass it as after to get the next endpoints; null on the last page. */
            readonly after: string | null;
        };
        readonly NewPortalToken: {
            readonly id: string;
            /** @description The application of the token; * for an operator's token. */
            readonly applicationId: string | "*";
            readonly name: string;
            /** @description Limits the events per second that it may post. */
            readonly rateLimit?: {
                readonly perSecond: number;
            };
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @description Accurate to the hour.
             */
            readonly lastUsedAt?: string;
            /** @constant */
            readonly kind: "portal";
            /** @description What the token may do; portal tokens have no scopes. */
            readonly capabilities: readonly ("endpoints:read" | "endpoints:write" | "deliveries:read" | "deliveries:retry" | "events:read" | "secrets:read")[];
            /** @description The text of the token. It is shown only once, because only its hash is stored. */
            readonly token: string;
        };
        readonly NewToken: {
            readonly id: string;
            /** @description The application of the token; * for an operator's token. */
            readonly applicationId: string | "*";
            readonly name: string;
            /** @description Limits the events per second that it may post. */
            readonly rateLimit?: {
                readonly perSecond: number;
            };
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @description Accurate to the hour.
             */
            readonly lastUsedAt?: string;
            readonly scopes: readonly ("admin" | "manage" | "ingest" | "read")[];
            /** @description The text of the token. It is shown only once, because only its hash is stored. */
            readonly token: string;
        };
        /** @description OpenAPI 3.1. */
        readonly OpenapiDocument: {
            readonly [key: string]: unknown;
        };
        readonly PortalTokenInput: {
            readonly name?: string | null;
            readonly capabilities?: readonly ("endpoints:read" | "endpoints:write" | "deliveries:read" | "deliveries:retry" | "events:read" | "secrets:read")[] | null;
            readonly expiresIn?: number | null;
        };
        readonly Problem: {
            /** @description urn:hook0:problem: and the code. */
            readonly type: string;
            readonly title: string;
            readonly status: number;
            /**
             * @description Never changes; use it in code.
             * @enum {string}
             */
            readonly code: "body_missing" | "body_not_utf8" | "invalid_json" | "json_too_deep" | "validation_failed" | "payload_content_type" | "payload_not_json" | "invalid_query" | "invalid_cursor" | "invalid_header" | "token_missing" | "token_invalid" | "scope_missing" | "capability_missing" | "operator_required" | "route_not_found" | "not_found" | "method_not_allowed" | "event_already_ingested" | "already_exists" | "not_empty" | "permanent" | "idempotency_key_reused" | "idempotency_in_progress" | "limit_reached" | "too_many_secrets" | "credentials_required" | "wrong_state" | "body_too_large" | "payload_too_large" | "unsupported_media_type" | "payload_schema" | "rate_limited" | "event_type_archived" | "too_many_tasks" | "tested_recently" | "internal_error" | "contended" | "unavailable";
            /** @description Its name in the original Hook0's API; only in answers of /api/v1. */
            readonly id?: string;
            /** @description What happened, as a sentence for people. */
            readonly detail: string;
            /** @description The invalid field, parameter or header. */
            readonly field?: string;
            /** @description What is accepted instead. */
            readonly accepted?: string;
            /** @description All errors of the body. */
            readonly errors?: readonly {
                /** @description The path of the field, such as retryConfig.baseDelay or events[0].type; empty for the whole body. */
                readonly field: string;
                /** @description JSON Pointer (RFC 6901) to the error in the payload or the schema. */
                readonly pointer?: string;
                /** @description What was received and what is accepted, as a sentence for people. */
                readonly message: string;
                readonly accepted?: string;
            }[];
            /** @description Names the request in the logs. */
            readonly requestId?: string;
        };
        readonly RecoverInput: {
            /** @description an ISO 8601 time with a zone, such as 2026-01-31T12:00:00Z */
            readonly since: string;
            readonly until?: string | null;
            readonly dryRun?: boolean | null;
        };
        readonly RedriveInput: {
            readonly endpointId?: string | null;
            readonly deliveryIds?: readonly string[] | null;
            readonly dryRun?: boolean | null;
        };
        readonly ReplayInput: {
            readonly endpointIds?: readonly string[] | null;
            readonly dryRun?: boolean | null;
        };
        readonly RetryPolicy: {
            /** @enum {string} */
            readonly strategy: "exponential" | "linear" | "fixed";
            /** @description Including the first attempt. */
            readonly maxAttempts: number;
            /** @description Whether each wait is changed at random by up to 10 %. */
            readonly jitter: boolean;
            readonly retryableStatuses: readonly (number | ("4xx" | "5xx"))[];
            /** @description Milliseconds. */
            readonly baseDelay: number;
            /** @description Milliseconds. */
            readonly maxDelay: number;
        } | {
            /** @enum {string} */
            readonly strategy: "standard" | "custom";
            /** @description Including the first attempt. */
            readonly maxAttempts: number;
            /** @description Whether each wait is changed at random by up to 10 %. */
            readonly jitter: boolean;
            readonly retryableStatuses: readonly (number | ("4xx" | "5xx"))[];
            readonly schedule: readonly number[];
        };
        readonly RotationInput: {
            /**
             * @description a whole number from 0 to 604800000 milliseconds
             * @default 86400000
             */
            readonly overlap?: number | null;
            /** @description whsec_ and the base64 of 24 to 64 bytes, or 8 to 256 visible characters */
            readonly secret?: string | null;
        };
        readonly SigningSecret: {
            /** @description The current signing secret. */
            readonly secret: string;
            /**
             * Format: date-time
             * @description When the current secret was created.
             */
            readonly createdAt: string;
            /** @description Previous secrets that still sign, newest first. */
            readonly previous: readonly {
                /** Format: date-time */
                readonly createdAt: string;
                readonly expiresAt: string | null;
            }[];
        };
        readonly SigningSecrets: {
            /**
             * Format: date-time
             * @description When the current secret was created.
             */
            readonly createdAt: string;
            /** @description Previous secrets that still sign, newest first. */
            readonly previous: readonly {
                /** Format: date-time */
                readonly createdAt: string;
                readonly expiresAt: string | null;
            }[];
        };
        readonly StartedTask: {
            readonly taskId: string;
        };
        readonly Task: {
            readonly id: string;
            /** @enum {string} */
            readonly type: "redrive" | "replay" | "recover" | "delete-event";
            /** @enum {string} */
            readonly status: "queued" | "running" | "completed" | "cancelled";
            /** @description Whether it only counts what it would restart. */
            readonly dryRun: boolean;
            /** @description Deliveries that it has checked: started and skipped. */
            readonly processed: number;
            /** @description Deliveries that it restarted or, of a deleted event, cancelled. */
            readonly started: number;
            /** @description Deliveries that it left unchanged, because they had moved on or their endpoint is disabled or deleted. */
            readonly skipped: number;
            /** @description Deliveries that it will check; absent if that is not known from the start. */
            readonly total?: number;
            readonly eventId?: string;
            readonly endpointId?: string;
            /**
             * Format: date-time
             * @description Of a recovery: events at or after this time.
             */
            readonly since?: string;
            /**
             * Format: date-time
             * @description Of a recovery: events before this time.
             */
            readonly until?: string;
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly updatedAt: string;
        };
        readonly TaskPage: {
            readonly data: readonly components["schemas"]["Task"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly Token: {
            readonly id: string;
            /** @description The application of the token; * for an operator's token. */
            readonly applicationId: string | "*";
            readonly name: string;
            /** @description Limits the events per second that it may post. */
            readonly rateLimit?: {
                readonly perSecond: number;
            };
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @description Accurate to the hour.
             */
            readonly lastUsedAt?: string;
            readonly scopes: readonly ("admin" | "manage" | "ingest" | "read")[];
        } | {
            readonly id: string;
            /** @description The application of the token; * for an operator's token. */
            readonly applicationId: string | "*";
            readonly name: string;
            /** @description Limits the events per second that it may post. */
            readonly rateLimit?: {
                readonly perSecond: number;
            };
            /** Format: date-time */
            readonly createdAt: string;
            /** Format: date-time */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @description Accurate to the hour.
             */
            readonly lastUsedAt?: string;
            /** @constant */
            readonly kind: "portal";
            /** @description What the token may do; portal tokens have no scopes. */
            readonly capabilities: readonly ("endpoints:read" | "endpoints:write" | "deliveries:read" | "deliveries:retry" | "events:read" | "secrets:read")[];
        };
        readonly TokenInput: {
            /** @description a string of 1 to 200 characters without control characters */
            readonly name: string;
            /** @description an array of 1 to 4 of admin, manage, ingest, read */
            readonly scopes: readonly ("admin" | "manage" | "ingest" | "read")[];
            readonly applicationId?: string | null;
            readonly rateLimit?: {
                /** @description a whole number from 1 to 100000 events a second */
                readonly perSecond: number;
            } | null;
            readonly expiresAt?: string | null;
        };
        readonly TokenPage: {
            readonly data: readonly components["schemas"]["Token"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly TokenPatch: {
            /** @description a string of 1 to 200 characters without control characters */
            readonly name?: string;
            readonly rateLimit?: {
                /** @description a whole number from 1 to 100000 events a second */
                readonly perSecond: number;
            } | null;
            readonly expiresAt?: string | null;
        };
        readonly V1Accepted: {
            readonly application_id: string;
            /** @description The event_id of the request, or else the UUID in eventId. */
            readonly event_id: string;
            /** Format: date-time */
            readonly received_at: string;
            readonly eventId: string;
        };
        readonly V1EventInput: {
            readonly event_id?: string | null;
            /** @description a string of 1 to 64 characters without control characters */
            readonly application_id: string;
            /** @description an event type such as order.created */
            readonly event_type: string;
            /** @description a string that holds JSON */
            readonly payload: string;
            /** @description application/json */
            readonly payload_content_type: string;
            readonly metadata?: {
                readonly [key: string]: unknown;
            } | null;
            readonly occurred_at?: string | null;
            readonly labels?: {
                readonly [key: string]: string;
            } | null;
        };
        readonly V1EventType: {
            readonly service_name: string;
            readonly resource_type_name: string;
            readonly verb_name: string;
            readonly event_type_name: string;
        };
        readonly V1EventTypeInput: {
            /** @description a string of 1 to 64 characters without control characters */
            readonly application_id: string;
            /** @description 1 to 40 of A-Z a-z 0-9 _ - */
            readonly service: string;
            /** @description 1 to 40 of A-Z a-z 0-9 _ - */
            readonly resource_type: string;
            /** @description 1 to 40 of A-Z a-z 0-9 _ - */
            readonly verb: string;
        };
        readonly V1EventTypes: readonly components["schemas"]["V1EventType"][];
        readonly ListApplicationsQuery: {
            /**
             * @description Maximum number of items. A page may have fewer items and still have a nextCursor.
             * @default 20
             */
            readonly limit?: number;
            /** @description The nextCursor of the previous page, with the same path and filters. */
            readonly cursor?: string;
        };
        readonly DeleteApplicationQuery: {
            /** @description The id of the application again. Then the application is removed together with its endpoints. */
            readonly confirm?: string;
        };
        readonly ListDeadLettersQuery: {
            /** @description Only dead letters of this endpoint. Accepted: an endpoint id such as ep_01h…. */
            readonly endpointId?: string;
            /**
             * @description Maximum number of items. A page may have fewer items and still have a nextCursor.
             * @default 20
             */
            readonly limit?: number;
            /** @description The nextCursor of the previous page, with the same path and filters. */
            readonly cursor?: string;
        };
        readonly CreateEndpointQuery: {
            /**
             * @description true: creates nothing. 204 means that the request is valid; otherwise the answer is the problem. The limits of the application are not checked.
             * @enum {string}
             */
            readonly dryRun?: "true" | "false";
        };
        readonly ListEndpointsQuery: {
            /**
             * @description Maximum number of items. A page may have fewer items and still have a nextCursor.
             * @default 20
             */
            readonly limit?: number;
            /** @description The nextCursor of the previous page, with the same path and filters. */
            readonly cursor?: string;
        };
        readonly ListDeliveriesQuery: {
            /**
             * @description Only deliveries with this status.
             * @enum {string}
             */
            readonly status?: "queued" | "retrying" | "held" | "succeeded" | "dead" | "cancelled";
            /**
             * Format: date-time
             * @description Only deliveries of events at or after this time.
             */
            readonly since?: string;
            /**
             * Format: date-time
             * @description Only deliveries of events before this time.
             */
            readonly until?: string;
            /**
             * @description Maximum number of items. A page may have fewer items and still have a nextCursor.
             * @default 20
             */
            readonly limit?: number;
            /** @description The nextCursor of the previous page, with the same path and filters. */
            readonly cursor?: string;
        };
        readonly GetEndpointStatsQuery: {
            /**
             * Format: date-time
             * @description A time in the first hour. Default: a day before until; at most 31 days before it.
             */
            readonly since?: string;
            /**
             * Format: date-time
             * @description A time in the last hour. Default: now.
             */
            readonly until?: string;
        };
        readonly CreateEventTypeQuery: {
            /**
             * @description true: creates nothing. 204 means that the request is valid; otherwise the answer is the problem. The limits of the application are not checked.
             * @enum {string}
             */
            readonly dryRun?: "true" | "false";
        };
        readonly ListEventTypesQuery: {
            /**
             * @description Maximum number of items. A page may have fewer items and still have a nextCursor.
             * @default 20
             */
            readonly limit?: number;
            /** @description The nextCursor of the previous page, with the same path and filters. */
            readonly cursor?: string;
        };
        readonly ListEventsQuery: {
            /** @description Only events of this type. Accepted: an event type such as order.created. */
            readonly type?: string;
            /** @description Only events of this source. Accepted: 1 to 128 characters. */
            readonly source?: string;
            /** @description Only events with this tag. Accepted: 1 to 64 characters. */
            readonly tag?: string;
            /**
             * Format: date-time
             * @description Only events at or after this time.
             */
            readonly since?: string;
            /**
             * Format: date-time
             * @description Only events before this time.
             */
            readonly until?: string;
            /**
             * @description Maximum number of items. A page may have fewer items and still have a nextCursor.
             * @default 20
             */
            readonly limit?: number;
            /** @description The nextCursor of the previous page, with the same path and filters. */
            readonly cursor?: string;
        };
        readonly GetEventQuery: {
            /**
             * @description Maximum number of items. A page may have fewer items and still have a nextCursor.
             * @default 20
             */
            readonly limit?: number;
            /** @description The nextCursor of the previous page, with the same path and filters. */
            readonly cursor?: string;
        };
        readonly GetMetricsQuery: {
            /**
             * @description Maximum number of endpoints.
             * @default 500
             */
            readonly limit?: number;
            /** @description The value of after in the previous answer. Accepted: an endpoint id such as ep_01h…. */
            readonly after?: string;
        };
        readonly StreamMetricsQuery: {
            /**
             * @description Maximum number of endpoints.
             * @default 500
             */
            readonly limit?: number;
            /** @description The value of after in the previous answer. Accepted: an endpoint id such as ep_01h…. */
            readonly after?: string;
        };
        readonly GetStatsQuery: {
            /**
             * Format: date-time
             * @description A time in the first hour. Default: a day before until; at most 31 days before it.
             */
            readonly since?: string;
            /**
             * Format: date-time
             * @description A time in the last hour. Default: now.
             */
            readonly until?: string;
        };
        readonly ListTasksQuery: {
            /**
             * @description Maximum number of items. A page may have fewer items and still have a nextCursor.
             * @default 20
             */
            readonly limit?: number;
            /** @description The nextCursor of the previous page, with the same path and filters. */
            readonly cursor?: string;
        };
        readonly ListTokensQuery: {
            /** @description The owner of the tokens; * for operators' tokens. Default: the application of the request. Accepted: an application id, or "*" for all applications. */
            readonly applicationId?: string;
            /**
             * @description Maximum number of items. A page may have fewer items and still have a nextCursor.
             * @default 20
             */
            readonly limit?: number;
            /** @description The nextCursor of the previous page, with the same path and filters. */
            readonly cursor?: string;
        };
        readonly GetTokenQuery: {
            /** @description The owner of the tokens; * for operators' tokens. Default: the application of the request. Accepted: an application id, or "*" for all applications. */
            readonly applicationId?: string;
        };
        readonly UpdateTokenQuery: {
            /** @description The owner of the tokens; * for operators' tokens. Default: the application of the request. Accepted: an application id, or "*" for all applications. */
            readonly applicationId?: string;
        };
        readonly DeleteTokenQuery: {
            /** @description The owner of the tokens; * for operators' tokens. Default: the application of the request. Accepted: an application id, or "*" for all applications. */
            readonly applicationId?: string;
        };
        readonly ListV1EventTypesQuery: {
            /** @description The id of the application. */
            readonly application_id: string;
        };
        readonly ScrapeMetricsQuery: {
            /**
             * @description Maximum number of endpoints.
             * @default 500
             */
            readonly limit?: number;
            /** @description The value of after in the previous answer. Accepted: an endpoint id such as ep_01h…. */
            readonly after?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type Accepted = components['schemas']['Accepted'];
export type Application = components['schemas']['Application'];
export type ApplicationInput = components['schemas']['ApplicationInput'];
export type ApplicationPage = components['schemas']['ApplicationPage'];
export type ApplicationPatch = components['schemas']['ApplicationPatch'];
export type ApplicationRemoval = components['schemas']['ApplicationRemoval'];
export type ApplicationStats = components['schemas']['ApplicationStats'];
export type Attempt = components['schemas']['Attempt'];
export type BatchAnswer = components['schemas']['BatchAnswer'];
export type Circuit = components['schemas']['Circuit'];
export type DeadLetter = components['schemas']['DeadLetter'];
export type DeadLetterPage = components['schemas']['DeadLetterPage'];
export type Delivery = components['schemas']['Delivery'];
export type DeliveryPage = components['schemas']['DeliveryPage'];
export type Endpoint = components['schemas']['Endpoint'];
export type EndpointInput = components['schemas']['EndpointInput'];
export type EndpointPage = components['schemas']['EndpointPage'];
export type EndpointPatch = components['schemas']['EndpointPatch'];
export type EndpointStats = components['schemas']['EndpointStats'];
export type EndpointTest = components['schemas']['EndpointTest'];
export type EndpointTestInput = components['schemas']['EndpointTestInput'];
export type Event = components['schemas']['Event'];
export type EventBatchInput = components['schemas']['EventBatchInput'];
export type EventInput = components['schemas']['EventInput'];
export type EventPage = components['schemas']['EventPage'];
export type EventSummary = components['schemas']['EventSummary'];
export type EventType = components['schemas']['EventType'];
export type EventTypeInput = components['schemas']['EventTypeInput'];
export type EventTypePage = components['schemas']['EventTypePage'];
export type EventTypePatch = components['schemas']['EventTypePatch'];
export type Filter = components['schemas']['Filter'];
export type FilterInput = components['schemas']['FilterInput'];
export type Health = components['schemas']['Health'];
export type Metrics = components['schemas']['Metrics'];
export type NewPortalToken = components['schemas']['NewPortalToken'];
export type NewToken = components['schemas']['NewToken'];
export type OpenapiDocument = components['schemas']['OpenapiDocument'];
export type PortalTokenInput = components['schemas']['PortalTokenInput'];
export type Problem = components['schemas']['Problem'];
export type RecoverInput = components['schemas']['RecoverInput'];
export type RedriveInput = components['schemas']['RedriveInput'];
export type ReplayInput = components['schemas']['ReplayInput'];
export type RetryPolicy = components['schemas']['RetryPolicy'];
export type RotationInput = components['schemas']['RotationInput'];
export type SigningSecret = components['schemas']['SigningSecret'];
export type SigningSecrets = components['schemas']['SigningSecrets'];
export type StartedTask = components['schemas']['StartedTask'];
export type Task = components['schemas']['Task'];
export type TaskPage = components['schemas']['TaskPage'];
export type Token = components['schemas']['Token'];
export type TokenInput = components['schemas']['TokenInput'];
export type TokenPage = components['schemas']['TokenPage'];
export type TokenPatch = components['schemas']['TokenPatch'];
export type V1Accepted = components['schemas']['V1Accepted'];
export type V1EventInput = components['schemas']['V1EventInput'];
export type V1EventType = components['schemas']['V1EventType'];
export type V1EventTypeInput = components['schemas']['V1EventTypeInput'];
export type V1EventTypes = components['schemas']['V1EventTypes'];
export type ListApplicationsQuery = components['schemas']['ListApplicationsQuery'];
export type DeleteApplicationQuery = components['schemas']['DeleteApplicationQuery'];
export type ListDeadLettersQuery = components['schemas']['ListDeadLettersQuery'];
export type CreateEndpointQuery = components['schemas']['CreateEndpointQuery'];
export type ListEndpointsQuery = components['schemas']['ListEndpointsQuery'];
export type ListDeliveriesQuery = components['schemas']['ListDeliveriesQuery'];
export type GetEndpointStatsQuery = components['schemas']['GetEndpointStatsQuery'];
export type CreateEventTypeQuery = components['schemas']['CreateEventTypeQuery'];
export type ListEventTypesQuery = components['schemas']['ListEventTypesQuery'];
export type ListEventsQuery = components['schemas']['ListEventsQuery'];
export type GetEventQuery = components['schemas']['GetEventQuery'];
export type GetMetricsQuery = components['schemas']['GetMetricsQuery'];
export type StreamMetricsQuery = components['schemas']['StreamMetricsQuery'];
export type GetStatsQuery = components['schemas']['GetStatsQuery'];
export type ListTasksQuery = components['schemas']['ListTasksQuery'];
export type ListTokensQuery = components['schemas']['ListTokensQuery'];
export type GetTokenQuery = components['schemas']['GetTokenQuery'];
export type UpdateTokenQuery = components['schemas']['UpdateTokenQuery'];
export type DeleteTokenQuery = components['schemas']['DeleteTokenQuery'];
export type ListV1EventTypesQuery = components['schemas']['ListV1EventTypesQuery'];
export type ScrapeMetricsQuery = components['schemas']['ScrapeMetricsQuery'];
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
