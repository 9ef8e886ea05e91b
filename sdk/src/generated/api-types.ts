// Made by `npm run sdk:types`. Do not edit.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly Accepted: {
            /**
             * @description Always true: the event is stored.
             * @constant
             */
            readonly success: true;
            /** @description The event. */
            readonly eventId: string;
            /** @description How many endpoints matched. Each has a delivery that is queued or held. */
            readonly webhookCount: number;
        };
        readonly Application: {
            /** @description Its id. */
            readonly id: string;
            /** @description Its name, for people. */
            readonly name: string;
            /** @description Any JSON that you set; filters may refer to it. */
            readonly metadata: {
                readonly [key: string]: unknown;
            };
            /** @description Limits that an operator set, or those of the deployment. */
            readonly limits: {
                /** @description How many endpoints it may have. */
                readonly endpoints: number;
                /** @description How many event types it may have. */
                readonly eventTypes: number;
                /** @description Events that the application may post, over all its tokens. */
                readonly eventsPerSecond: number;
                /** @description Bytes of the bodies in which it posts events, for each day (UTC), over all its tokens. */
                readonly bytesPerDay: number;
            };
            /**
             * Format: date-time
             * @description When it was created.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When it was changed last.
             */
            readonly updatedAt: string;
        };
        readonly ApplicationInput: {
            /** @description 1 to 64 of a-z 0-9 _ -, starting with a letter or digit */
            readonly id?: string | null;
            /** @description a string of 1 to 200 characters without control characters */
            readonly name: string;
            /** @description an object of at most 4096 bytes as JSON and 5 levels; default: {} */
            readonly metadata?: {
                readonly [key: string]: unknown;
            } | null;
            /** @description Limits in place of the deployment's. Only an operator may set them. Default: {} */
            readonly limits?: {
                /** @description a whole number from 0 to 1000000 */
                readonly endpoints?: number;
                /** @description a whole number from 0 to 1000000 */
                readonly eventTypes?: number;
                /** @description a whole number from 1 to 100000 */
                readonly eventsPerSecond?: number;
                /** @description a whole number from 10000000 to 1000000000000000 */
                readonly bytesPerDay?: number;
            } | null;
        };
        readonly ApplicationPage: {
            /** @description The items of this page. */
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
            /** @description Limits in place of the deployment's. Only an operator may set them. */
            readonly limits?: {
                /** @description a whole number from 0 to 1000000 */
                readonly endpoints?: number | null;
                /** @description a whole number from 0 to 1000000 */
                readonly eventTypes?: number | null;
                /** @description a whole number from 1 to 100000 */
                readonly eventsPerSecond?: number | null;
                /** @description a whole number from 10000000 to 1000000000000000 */
                readonly bytesPerDay?: number | null;
            } | null;
        };
        readonly ApplicationRemoval: {
            /** @description The application that is being deleted. */
            readonly id: string;
            /**
             * @description Always purging: it is deleted in the background.
             * @constant
             */
            readonly status: "purging";
        };
        readonly ApplicationStats: {
            /** @description The application that it belongs to. */
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
            /** @description The counts of all hours together. */
            readonly totals: {
                /** @description Requests that were made. */
                readonly attempts: number;
                /** @description Attempts that got a 2xx. */
                readonly successes: number;
                /** @description Attempts that failed. */
                readonly failures: number;
                /** @description Successes divided by attempts; null without attempts. */
                readonly successRate: number | null;
                /** @description Attempts after the first of their generation, by attempt number. */
                readonly retries: {
                    readonly [key: string]: number;
                };
                /** @description Deliveries that ended. */
                readonly settled: {
                    /** @description Deliveries that succeeded. */
                    readonly succeeded: number;
                    /** @description Deliveries that were cancelled. */
                    readonly cancelled: number;
                    /** @description Deliveries that became dead letters. */
                    readonly dead: number;
                    /** @description Deliveries that became dead letters, by reason. */
                    readonly deadByReason: {
                        readonly [key: string]: number;
                    };
                };
                /** @description Milliseconds. Quantiles are estimates from the buckets; null without attempts. */
                readonly duration: {
                    /** @description The mean; null without attempts. */
                    readonly average: number | null;
                    /** @description Half of the attempts were at most so long. */
                    readonly p50: number | null;
                    /** @description 95 % of the attempts were at most so long. */
                    readonly p95: number | null;
                    /** @description 99 % of the attempts were at most so long. */
                    readonly p99: number | null;
                    /** @description Attempts that took at most atMost and longer than the previous bound. The last bucket has no bound. */
                    readonly buckets: readonly {
                        /** @description The upper bound in milliseconds; null in the last bucket. */
                        readonly atMost: number | null;
                        /** @description Requests that were made. */
                        readonly attempts: number;
                    }[];
                };
                /** @description When an attempt succeeded last; null when none succeeded. */
                readonly lastSuccessAt: string | null;
                /** @description When an attempt failed last; null when none failed. */
                readonly lastFailureAt: string | null;
            };
            /** @description By hour, earliest first. Hours without counts are left out. */
            readonly series: readonly {
                /**
                 * Format: date-time
                 * @description When it begins.
                 */
                readonly hour: string;
                /** @description Requests that were made. */
                readonly attempts: number;
                /** @description Attempts that got a 2xx. */
                readonly successes: number;
                /** @description Attempts that failed. */
                readonly failures: number;
                /** @description Deliveries that succeeded. */
                readonly succeeded: number;
                /** @description Deliveries that were cancelled. */
                readonly cancelled: number;
                /** @description Deliveries that became dead letters. */
                readonly dead: number;
                /** @description Events that were accepted. */
                readonly events: number;
            }[];
            /** @description The endpoints with the most failures, at most 10. */
            readonly topFailingEndpoints: readonly {
                /** @description The endpoint. */
                readonly endpointId: string;
                /** @description Attempts that failed. */
                readonly failures: number;
            }[];
        };
        readonly Attempt: {
            /** @description Starts at 1 in each generation. */
            readonly number: number;
            /** @description The number of the run of attempts that it belongs to. */
            readonly generation: number;
            /**
             * Format: date-time
             * @description When the request was started.
             */
            readonly startedAt: string;
            /** @description Milliseconds. */
            readonly duration: number;
            /** @description Whether it succeeded. */
            readonly success: boolean;
            /** @description Absent without an answer. */
            readonly statusCode?: number;
            /** @description Headers of the answer. */
            readonly responseHeaders?: {
                readonly [key: string]: string;
            };
            /** @description At most 1 KB of text. */
            readonly responseBody?: string;
            /** @description Why there was no answer, for a program: dns, connect, tls, timeout, reset, protocol or forbidden_target. */
            readonly errorClass?: string;
            /** @description Why it failed, for a person. */
            readonly error?: string;
            /** @description Whether such a failure is followed by another attempt. */
            readonly retryable: boolean;
            /**
             * Format: date-time
             * @description When the next attempt is made at the earliest; absent after the last one.
             */
            readonly nextAttemptAt?: string;
        };
        readonly BatchAnswer: {
            /** @description One result for each event, in order. */
            readonly results: readonly (components["schemas"]["Accepted"] | {
                /**
                 * @description Always false: the event was refused.
                 * @constant
                 */
                readonly success: false;
                /** @description Why the event was refused. */
                readonly error: components["schemas"]["Problem"];
            })[];
        };
        readonly Circuit: {
            /**
             * @description closed: deliveries are sent. open: they are held. half_open: one is sent as a probe.
             * @enum {string}
             */
            readonly state: "closed" | "open" | "half_open";
            /** @description Different deliveries that failed since the endpoint was last alive. */
            readonly failures: number;
            /**
             * Format: date-time
             * @description When the first of these attempts began.
             */
            readonly failingSince?: string;
            /**
             * Format: date-time
             * @description The earliest time of the next probe; only while it is not closed.
             */
            readonly openUntil?: string;
        };
        readonly DeadLetter: {
            /** @description Its id. */
            readonly id: string;
            /** @description The event. */
            readonly eventId: string;
            /** @description The endpoint. */
            readonly endpointId: string;
            /**
             * @description What has become of it.
             * @enum {string}
             */
            readonly status: "queued" | "retrying" | "held" | "succeeded" | "dead" | "cancelled";
            /**
             * @description Only while it is held.
             * @enum {string}
             */
            readonly heldFor?: "backoff" | "circuit" | "internal" | "paused" | "rate_limit" | "scheduled";
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
            /**
             * Format: date-time
             * @description When it was created.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When it ended; absent before.
             */
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
            /** @description The items of this page. */
            readonly data: readonly components["schemas"]["DeadLetter"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly Delivery: {
            /** @description Its id. */
            readonly id: string;
            /** @description The event. */
            readonly eventId: string;
            /** @description The endpoint. */
            readonly endpointId: string;
            /**
             * @description What has become of it.
             * @enum {string}
             */
            readonly status: "queued" | "retrying" | "held" | "succeeded" | "dead" | "cancelled";
            /**
             * @description Only while it is held.
             * @enum {string}
             */
            readonly heldFor?: "backoff" | "circuit" | "internal" | "paused" | "rate_limit" | "scheduled";
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
            /**
             * Format: date-time
             * @description When it was created.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When it ended; absent before.
             */
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
            /** @description The items of this page. */
            readonly data: readonly components["schemas"]["Delivery"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly Endpoint: {
            /** @description Its id. */
            readonly id: string;
            /** @description The application that it belongs to. */
            readonly applicationId: string;
            /** @description Its name, for people. */
            readonly name: string;
            /** @description Where its deliveries are sent. */
            readonly url: string;
            /** @description Event types, prefixes such as order.*, or *. */
            readonly events: readonly string[];
            /** @description Headers of each attempt. Values that look like credentials are masked. A masked value that is sent back means unchanged. */
            readonly headers: {
                readonly [key: string]: string;
            };
            /** @description Maximum duration of an attempt in milliseconds. */
            readonly timeout: number;
            /**
             * @description Which queue its deliveries use, unless the event has a priority.
             * @enum {string}
             */
            readonly priority: "high" | "normal" | "low";
            /** @description The retry policy with all defaults. */
            readonly retryConfig: components["schemas"]["RetryPolicy"];
            /** @description When deliveries are held because the endpoint fails. */
            readonly circuitBreaker: {
                /** @description Whether the circuit opens at all. */
                readonly enabled: boolean;
                /** @description So many different deliveries that fail in a row open the circuit. */
                readonly threshold: number;
                /** @description Milliseconds from the opening to the first probe. */
                readonly timeout: number;
            };
            /** @description The state of its circuit breaker. */
            readonly circuit: components["schemas"]["Circuit"];
            /** @description How many requests a second it gets; null for no limit. */
            readonly rateLimit: {
                /** @description At most so many in one second. */
                readonly perSecond: number;
            } | null;
            /** @description How requests are signed. */
            readonly security: {
                /** @description The header of the signature that is sent in addition to Standard Webhooks. */
                readonly signatureHeader: string;
                /**
                 * @description The content of that header: standard is a hex HMAC-SHA256 of the body, hook0-v1 is the signature of the original Hook0.
                 * @enum {string}
                 */
                readonly signatureScheme: "standard" | "hook0-v1";
            };
            /** @description Which of the matching events are delivered; null for all of them. */
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
            /**
             * Format: date-time
             * @description Since when it has this status.
             */
            readonly statusSince: string;
            /**
             * Format: date-time
             * @description When it was created.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When it was changed last.
             */
            readonly updatedAt: string;
        };
        readonly EndpointInput: {
            /** @description a string of 1 to 200 characters without control characters */
            readonly name: string;
            /** @description an absolute https URL */
            readonly url: string;
            /** @description an array of 1 to 100 event patterns, such as ["order.created", "order.*"] or ["*"] */
            readonly events: readonly string[];
            /** @description an object of header names and string values; default: {} */
            readonly headers?: {
                readonly [key: string]: string;
            } | null;
            /** @description a whole number from 1000 to 30000 milliseconds; default: 30000 */
            readonly timeout?: number | null;
            /** @description one of high, normal, low; default: "normal" */
            readonly priority?: ("high" | "normal" | "low") | null;
            /** @description "standard" or an object such as {"maxAttempts": 5}; default: "standard" */
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
                /**
                 * @description How the wait grows from attempt to attempt.
                 * @constant
                 */
                readonly strategy: "standard";
            }) | null;
            /** @description When deliveries are held because the endpoint fails. Default: {"enabled":true,"threshold":5,"timeout":60000} */
            readonly circuitBreaker?: {
                /** @description true or false; default: true */
                readonly enabled?: boolean;
                /** @description a whole number from 1 to 1000 failures; default: 5 */
                readonly threshold?: number;
                /** @description a whole number from 1000 to 3600000 milliseconds; default: 60000 */
                readonly timeout?: number;
            } | null;
            /** @description How many requests a second it gets; null for no limit. */
            readonly rateLimit?: {
                /** @description a whole number from 1 to 10000 */
                readonly perSecond: number;
            } | null;
            /** @description How requests are signed. Default: {"signatureHeader":"X-Hook0-Signature","signatureScheme":"standard"} */
            readonly security?: {
                /** @description whsec_ and the base64 of 24 to 64 bytes, or 8 to 256 visible characters */
                readonly secret?: string;
                /** @description a header name; default: "X-Hook0-Signature" */
                readonly signatureHeader?: string;
                /**
                 * @description one of standard, hook0-v1; default: "standard"
                 * @enum {string}
                 */
                readonly signatureScheme?: "standard" | "hook0-v1";
            } | null;
            /** @description Which of the matching events are delivered; null for all of them. */
            readonly filters?: components["schemas"]["FilterInput"] | null;
            /** @description an object of at most 4096 bytes as JSON and 5 levels; default: {} */
            readonly metadata?: {
                readonly [key: string]: unknown;
            } | null;
        };
        readonly EndpointPage: {
            /** @description The items of this page. */
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
                /** @description How the wait grows from attempt to attempt. */
                readonly strategy?: "standard" | null;
            }) | null;
            /** @description When deliveries are held because the endpoint fails. */
            readonly circuitBreaker?: {
                /** @description true or false */
                readonly enabled?: boolean | null;
                /** @description a whole number from 1 to 1000 failures */
                readonly threshold?: number | null;
                /** @description a whole number from 1000 to 3600000 milliseconds */
                readonly timeout?: number | null;
            } | null;
            /** @description How many requests a second it gets; null for no limit. */
            readonly rateLimit?: {
                /** @description a whole number from 1 to 10000 */
                readonly perSecond?: number | null;
            } | null;
            /** @description How requests are signed. */
            readonly security?: {
                /** @description whsec_ and the base64 of 24 to 64 bytes, or 8 to 256 visible characters */
                readonly secret?: string | null;
                /** @description a header name */
                readonly signatureHeader?: string | null;
                /** @description one of standard, hook0-v1 */
                readonly signatureScheme?: ("standard" | "hook0-v1") | null;
            } | null;
            /** @description Which of the matching events are delivered; null for all of them. */
            readonly filters?: components["schemas"]["FilterInput"] | null;
            /** @description an object of at most 4096 bytes as JSON and 5 levels */
            readonly metadata?: {
                readonly [key: string]: unknown;
            } | null;
        };
        readonly EndpointStats: {
            /** @description The endpoint. */
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
            /** @description The counts of all hours together. */
            readonly totals: {
                /** @description Requests that were made. */
                readonly attempts: number;
                /** @description Attempts that got a 2xx. */
                readonly successes: number;
                /** @description Attempts that failed. */
                readonly failures: number;
                /** @description Successes divided by attempts; null without attempts. */
                readonly successRate: number | null;
                /** @description Attempts after the first of their generation, by attempt number. */
                readonly retries: {
                    readonly [key: string]: number;
                };
                /** @description Deliveries that ended. */
                readonly settled: {
                    /** @description Deliveries that succeeded. */
                    readonly succeeded: number;
                    /** @description Deliveries that were cancelled. */
                    readonly cancelled: number;
                    /** @description Deliveries that became dead letters. */
                    readonly dead: number;
                    /** @description Deliveries that became dead letters, by reason. */
                    readonly deadByReason: {
                        readonly [key: string]: number;
                    };
                };
                /** @description Milliseconds. Quantiles are estimates from the buckets; null without attempts. */
                readonly duration: {
                    /** @description The mean; null without attempts. */
                    readonly average: number | null;
                    /** @description Half of the attempts were at most so long. */
                    readonly p50: number | null;
                    /** @description 95 % of the attempts were at most so long. */
                    readonly p95: number | null;
                    /** @description 99 % of the attempts were at most so long. */
                    readonly p99: number | null;
                    /** @description Attempts that took at most atMost and longer than the previous bound. The last bucket has no bound. */
                    readonly buckets: readonly {
                        /** @description The upper bound in milliseconds; null in the last bucket. */
                        readonly atMost: number | null;
                        /** @description Requests that were made. */
                        readonly attempts: number;
                    }[];
                };
                /** @description When an attempt succeeded last; null when none succeeded. */
                readonly lastSuccessAt: string | null;
                /** @description When an attempt failed last; null when none failed. */
                readonly lastFailureAt: string | null;
            };
            /** @description By hour, earliest first. Hours without counts are left out. */
            readonly series: readonly {
                /**
                 * Format: date-time
                 * @description When it begins.
                 */
                readonly hour: string;
                /** @description Requests that were made. */
                readonly attempts: number;
                /** @description Attempts that got a 2xx. */
                readonly successes: number;
                /** @description Attempts that failed. */
                readonly failures: number;
                /** @description Deliveries that succeeded. */
                readonly succeeded: number;
                /** @description Deliveries that were cancelled. */
                readonly cancelled: number;
                /** @description Deliveries that became dead letters. */
                readonly dead: number;
            }[];
        };
        readonly EndpointTest: {
            /** @description Whether it succeeded. */
            readonly success: boolean;
            /** @description The webhook-id that the receiver gets. No event with this id is stored. */
            readonly eventId: string;
            /** @description The type of the event that was sent. */
            readonly eventType: string;
            /** @description The request that was made, and its answer. */
            readonly attempt: components["schemas"]["Attempt"];
        };
        readonly EndpointTestInput: {
            /** @description an event type such as order.created */
            readonly type?: string;
            /** @description any JSON value, at most 262144 bytes as text */
            readonly payload?: unknown;
        };
        readonly Event: {
            /** @description Its id. */
            readonly id: string;
            /** @description The application that it belongs to. */
            readonly applicationId: string;
            /** @description The event type. */
            readonly type: string;
            /** @description Where the event happened, as it was posted. */
            readonly source?: string;
            /** @description The tags of the event. */
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
            /** @description a string of 1 to 128 characters without control characters */
            readonly source?: string | null;
            /** @description any JSON value, at most 262144 bytes as text */
            readonly payload: unknown;
            /** @description How it is delivered. */
            readonly options?: {
                /** @description one of high, normal, low */
                readonly priority?: ("high" | "normal" | "low") | null;
                /** @description a whole number from 0 to 2592000000 milliseconds */
                readonly delay?: number | null;
                /** @description an array of at most 20 strings of 1 to 64 characters */
                readonly tags?: readonly string[] | null;
            } | null;
        };
        readonly EventMatching: {
            /** @description The endpoint. */
            readonly endpointId: string;
            /** @description Its name, for people. */
            readonly name: string;
            /**
             * @description matched: the event has a delivery for the endpoint. created_later: the endpoint did not exist yet. Otherwise by its present configuration: disabled; event_type: none of its events covers the type; filter: its filters refuse the event; changed_later: it would match now.
             * @enum {string}
             */
            readonly outcome: "matched" | "created_later" | "disabled" | "event_type" | "filter" | "changed_later";
            /** @description The outcome in a sentence. */
            readonly explanation: string;
            /** @description With the outcome filter: the first condition that failed, and one for each alternative of an OR. Portal tokens need endpoints:read to see them. */
            readonly conditions?: readonly {
                /** @description JSON Pointer to the condition in the endpoint. */
                readonly pointer: string;
                /** @description A path into the event, such as type, tags or payload.order.amount. */
                readonly field: string;
                /**
                 * @description How the field is compared with the value.
                 * @enum {string}
                 */
                readonly operator: "eq" | "ne" | "gt" | "gte" | "lt" | "lte" | "in" | "nin" | "contains" | "regex" | "exists";
                /** @description As it was saved, with references to metadata. */
                readonly value?: unknown;
                /** @description What the event has in the field, in a few words. */
                readonly received: string;
            }[];
            /** @description Whether the endpoint was changed after the event was accepted. Then the outcome may have another reason. */
            readonly changedSince: boolean;
        };
        readonly EventMatchingPage: {
            /** @description The items of this page. */
            readonly data: readonly components["schemas"]["EventMatching"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly EventPage: {
            /** @description The items of this page. */
            readonly data: readonly components["schemas"]["EventSummary"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly EventSummary: {
            /** @description Its id. */
            readonly id: string;
            /** @description The application that it belongs to. */
            readonly applicationId: string;
            /** @description The event type. */
            readonly type: string;
            /** @description Where the event happened, as it was posted. */
            readonly source?: string;
            /** @description The tags of the event. */
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
            /** @description The event type, such as order.created. */
            readonly name: string;
            /** @description The application that it belongs to. */
            readonly applicationId: string;
            /** @description What the event means, for the people who receive it. */
            readonly description: string | null;
            /** @description The JSON Schema of payloads; null accepts every payload. */
            readonly schema: unknown;
            /** @description An example payload for people, or null. */
            readonly example: unknown;
            /** @description Whether events of this type are refused. */
            readonly archived: boolean;
            /**
             * Format: date-time
             * @description When it was created.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When it was changed last.
             */
            readonly updatedAt: string;
        };
        readonly EventTypeInput: {
            /** @description an event type such as order.created */
            readonly name: string;
            /** @description a string of 1 to 1000 characters without control characters */
            readonly description?: string | null;
            /** @description a JSON Schema (2020-12 or draft-07) of at most 65536 bytes */
            readonly schema?: ({
                readonly [key: string]: unknown;
            } | boolean) | null;
            /** @description a payload that matches the schema, at most 16384 bytes as JSON */
            readonly example?: unknown;
            /** @description true or false; default: false */
            readonly archived?: boolean | null;
        };
        readonly EventTypePage: {
            /** @description The items of this page. */
            readonly data: readonly components["schemas"]["EventType"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly EventTypePatch: {
            /** @description a string of 1 to 1000 characters without control characters */
            readonly description?: string | null;
            /** @description a JSON Schema (2020-12 or draft-07) of at most 65536 bytes */
            readonly schema?: ({
                readonly [key: string]: unknown;
            } | boolean) | null;
            /** @description a payload that matches the schema, at most 16384 bytes as JSON */
            readonly example?: unknown;
            /** @description true or false */
            readonly archived?: boolean | null;
        };
        readonly Filter: {
            /**
             * @description AND: all conditions must hold. OR: one of them.
             * @default AND
             * @enum {string}
             */
            readonly logic: "AND" | "OR";
            /**
             * @description What must hold. Without conditions, every event passes.
             * @default []
             */
            readonly conditions: readonly ({
                /** @description A path into the event, such as type, tags or payload.order.amount. */
                readonly field: string;
                /**
                 * @description How the field is compared with the value.
                 * @enum {string}
                 */
                readonly operator: "eq" | "ne" | "gt" | "gte" | "lt" | "lte" | "in" | "nin" | "contains" | "regex" | "exists";
                /** @description What the field is compared with. A text may refer to metadata of the endpoint or application. */
                readonly value: unknown;
            } | components["schemas"]["Filter"])[];
        };
        readonly FilterInput: {
            /**
             * @description AND: all conditions must hold. OR: one of them. Default: "AND"
             * @enum {string}
             */
            readonly logic?: "AND" | "OR";
            /** @description What must hold. Without conditions, every event passes. Default: [] */
            readonly conditions?: readonly ({
                /** @description A path into the event, such as type, tags or payload.order.amount. */
                readonly field: string;
                /**
                 * @description How the field is compared with the value.
                 * @enum {string}
                 */
                readonly operator: "eq" | "ne" | "gt" | "gte" | "lt" | "lte" | "in" | "nin" | "contains" | "regex" | "exists";
                /** @description What the field is compared with. A text may refer to metadata of the endpoint or application. */
                readonly value: unknown;
            } | components["schemas"]["FilterInput"])[];
        };
        readonly Health: {
            /**
             * @description Whether the deployment works.
             * @enum {string}
             */
            readonly status: "healthy" | "unhealthy";
            /** @description The version of the deployment. */
            readonly version: string;
            /**
             * Format: date-time
             * @description The time of this answer.
             */
            readonly timestamp: string;
        };
        readonly Metrics: {
            /** @description The metrics by name, as in the text format of Prometheus. */
            readonly metrics: {
                /** @description Events that were accepted. */
                readonly hook0_events_received_total?: {
                    /**
                     * @description The type of the metric.
                     * @constant
                     */
                    readonly type: "counter";
                    /** @description What the metric counts. */
                    readonly help: string;
                    /** @description The values, one for each combination of labels. */
                    readonly samples: readonly {
                        /** @description What this sample is about. */
                        readonly labels: {
                            /** @description The type of the events. */
                            readonly event_type: string;
                            /** @description Where the event happened, as it was posted. */
                            readonly source: string;
                        };
                        /** @description The value. */
                        readonly value: number;
                    }[];
                };
                /** @description Attempts, by their result. */
                readonly hook0_webhooks_sent_total?: {
                    /**
                     * @description The type of the metric.
                     * @constant
                     */
                    readonly type: "counter";
                    /** @description What the metric counts. */
                    readonly help: string;
                    /** @description The values, one for each combination of labels. */
                    readonly samples: readonly {
                        /** @description What this sample is about. */
                        readonly labels: {
                            /** @description The id of the endpoint. */
                            readonly endpoint: string;
                            /**
                             * @description Whether the attempts succeeded.
                             * @enum {string}
                             */
                            readonly status: "success" | "failure";
                        };
                        /** @description The value. */
                        readonly value: number;
                    }[];
                };
                /** @description How long attempts took. */
                readonly hook0_webhook_duration_seconds?: {
                    /**
                     * @description The type of the metric.
                     * @constant
                     */
                    readonly type: "histogram";
                    /** @description What the metric counts. */
                    readonly help: string;
                    /** @description The values, one for each combination of labels. */
                    readonly samples: readonly {
                        /**
                         * @description Which part of the histogram it is.
                         * @enum {string}
                         */
                        readonly name: "hook0_webhook_duration_seconds_bucket" | "hook0_webhook_duration_seconds_sum" | "hook0_webhook_duration_seconds_count";
                        /** @description What this sample is about. */
                        readonly labels: {
                            /** @description The id of the endpoint. */
                            readonly endpoint: string;
                            /** @description The upper bound of the bucket in seconds. */
                            readonly le?: string;
                        };
                        /** @description The value. */
                        readonly value: number;
                    }[];
                };
                /** @description Messages in a queue. */
                readonly hook0_queue_size?: {
                    /**
                     * @description The type of the metric.
                     * @constant
                     */
                    readonly type: "gauge";
                    /** @description What the metric counts. */
                    readonly help: string;
                    /** @description The values, one for each combination of labels. */
                    readonly samples: readonly {
                        /** @description What this sample is about. */
                        readonly labels: {
                            /** @description The name of the queue. */
                            readonly queue_name: string;
                        };
                        /** @description The value. */
                        readonly value: number;
                    }[];
                };
                /** @description Attempts after the first. */
                readonly hook0_retry_attempts_total?: {
                    /**
                     * @description The type of the metric.
                     * @constant
                     */
                    readonly type: "counter";
                    /** @description What the metric counts. */
                    readonly help: string;
                    /** @description The values, one for each combination of labels. */
                    readonly samples: readonly {
                        /** @description What this sample is about. */
                        readonly labels: {
                            /** @description The id of the endpoint. */
                            readonly endpoint: string;
                            /** @description The number of the attempt. */
                            readonly attempt_number: string;
                        };
                        /** @description The value. */
                        readonly value: number;
                    }[];
                };
                /** @description 0 closed, 1 open, 2 half-open. */
                readonly hook0_circuit_breaker_state?: {
                    /**
                     * @description The type of the metric.
                     * @constant
                     */
                    readonly type: "gauge";
                    /** @description What the metric counts. */
                    readonly help: string;
                    /** @description The values, one for each combination of labels. */
                    readonly samples: readonly {
                        /** @description What this sample is about. */
                        readonly labels: {
                            /** @description The id of the endpoint. */
                            readonly endpoint: string;
                        };
                        /** @description The value. */
                        readonly value: number;
                    }[];
                };
            };
            /** @description Pass it as after to get the next endpoints; null on the last page. */
            readonly after: string | null;
        };
        readonly NewPortalToken: {
            /** @description Its id. */
            readonly id: string;
            /** @description The application of the token; * for an operator's token. */
            readonly applicationId: string | "*";
            /** @description Its name, for people. */
            readonly name: string;
            /** @description Limits the events per second that it may post. */
            readonly rateLimit?: {
                /** @description At most so many in one second. */
                readonly perSecond: number;
            };
            /**
             * Format: date-time
             * @description When it was created.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When it ends; absent or null when it has no end.
             */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @description Accurate to the hour.
             */
            readonly lastUsedAt?: string;
            /**
             * @description Always portal: it has capabilities in place of scopes.
             * @constant
             */
            readonly kind: "portal";
            /** @description What the token may do; portal tokens have no scopes. */
            readonly capabilities: readonly ("endpoints:read" | "endpoints:write" | "deliveries:read" | "deliveries:retry" | "events:read" | "secrets:read")[];
            /** @description The text of the token. It is shown only once, because only its hash is stored. */
            readonly token: string;
        };
        readonly NewToken: {
            /** @description Its id. */
            readonly id: string;
            /** @description The application of the token; * for an operator's token. */
            readonly applicationId: string | "*";
            /** @description Its name, for people. */
            readonly name: string;
            /** @description Limits the events per second that it may post. */
            readonly rateLimit?: {
                /** @description At most so many in one second. */
                readonly perSecond: number;
            };
            /**
             * Format: date-time
             * @description When it was created.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When it ends; absent or null when it has no end.
             */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @description Accurate to the hour.
             */
            readonly lastUsedAt?: string;
            /** @description What it may do: admin includes manage and ingest, manage includes read. */
            readonly scopes: readonly ("admin" | "manage" | "ingest" | "read")[];
            /** @description The text of the token. It is shown only once, because only its hash is stored. */
            readonly token: string;
        };
        /** @description OpenAPI 3.1. */
        readonly OpenapiDocument: {
            readonly [key: string]: unknown;
        };
        readonly PortalTokenInput: {
            /** @description a string of 1 to 200 characters without control characters */
            readonly name?: string | null;
            /** @description an array of 1 to 6 of endpoints:read, endpoints:write, deliveries:read, deliveries:retry, events:read, secrets:read */
            readonly capabilities?: readonly ("endpoints:read" | "endpoints:write" | "deliveries:read" | "deliveries:retry" | "events:read" | "secrets:read")[] | null;
            /** @description a whole number from 60000 to 86400000 milliseconds */
            readonly expiresIn?: number | null;
        };
        readonly Problem: {
            /** @description urn:hook0:problem: and the code. */
            readonly type: string;
            /** @description The code in words. */
            readonly title: string;
            /** @description The status of the answer. */
            readonly status: number;
            /**
             * @description Never changes; use it in code.
             * @enum {string}
             */
            readonly code: "body_missing" | "body_not_utf8" | "invalid_json" | "json_too_deep" | "validation_failed" | "payload_content_type" | "payload_not_json" | "invalid_query" | "invalid_cursor" | "invalid_header" | "token_missing" | "token_invalid" | "scope_missing" | "capability_missing" | "operator_required" | "route_not_found" | "not_found" | "method_not_allowed" | "event_already_ingested" | "already_exists" | "not_empty" | "permanent" | "idempotency_key_reused" | "idempotency_in_progress" | "limit_reached" | "too_many_secrets" | "credentials_required" | "wrong_state" | "body_too_large" | "payload_too_large" | "unsupported_media_type" | "payload_schema" | "rate_limited" | "application_rate_limited" | "daily_bytes_used" | "request_rate_limited" | "event_type_archived" | "too_many_tasks" | "tested_recently" | "internal_error" | "credentials_unreadable" | "contended" | "unavailable" | "loop_detected";
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
                /** @description What is accepted instead. */
                readonly accepted?: string;
            }[];
            /** @description Names the request in the logs. */
            readonly requestId?: string;
        };
        readonly RecoverInput: {
            /** @description an ISO 8601 time with a zone, such as 2026-01-31T12:00:00Z */
            readonly since: string;
            /** @description an ISO 8601 time with a zone, such as 2026-01-31T12:00:00Z */
            readonly until?: string | null;
            /** @description true or false */
            readonly dryRun?: boolean | null;
        };
        readonly RedriveInput: {
            /** @description endpoint ids such as ep_01h… */
            readonly endpointId?: string | null;
            /** @description an array of 1 to 100 of delivery ids such as dlv_01h…_01h… */
            readonly deliveryIds?: readonly string[] | null;
            /** @description true or false */
            readonly dryRun?: boolean | null;
        };
        readonly ReplayInput: {
            /** @description an array of 1 to 100 of endpoint ids such as ep_01h… */
            readonly endpointIds?: readonly string[] | null;
            /** @description true or false */
            readonly dryRun?: boolean | null;
        };
        readonly RetryPolicy: {
            /**
             * @description How the wait grows from attempt to attempt.
             * @enum {string}
             */
            readonly strategy: "exponential" | "linear" | "fixed";
            /** @description Including the first attempt. */
            readonly maxAttempts: number;
            /** @description Whether each wait is changed at random by up to 10 %. */
            readonly jitter: boolean;
            /** @description Statuses of answers that are followed by another attempt. */
            readonly retryableStatuses: readonly (number | ("4xx" | "5xx"))[];
            /** @description Milliseconds. */
            readonly baseDelay: number;
            /** @description Milliseconds. */
            readonly maxDelay: number;
        } | {
            /**
             * @description How the wait grows from attempt to attempt.
             * @enum {string}
             */
            readonly strategy: "standard" | "custom";
            /** @description Including the first attempt. */
            readonly maxAttempts: number;
            /** @description Whether each wait is changed at random by up to 10 %. */
            readonly jitter: boolean;
            /** @description Statuses of answers that are followed by another attempt. */
            readonly retryableStatuses: readonly (number | ("4xx" | "5xx"))[];
            /** @description Milliseconds before each attempt after the first. */
            readonly schedule: readonly number[];
        };
        readonly RotationInput: {
            /** @description a whole number from 0 to 604800000 milliseconds; default: 86400000 */
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
                /**
                 * Format: date-time
                 * @description When it was created.
                 */
                readonly createdAt: string;
                /** @description When it ends; absent or null when it has no end. */
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
                /**
                 * Format: date-time
                 * @description When it was created.
                 */
                readonly createdAt: string;
                /** @description When it ends; absent or null when it has no end. */
                readonly expiresAt: string | null;
            }[];
        };
        readonly StartedTask: {
            /** @description The task; GET /api/tasks/{taskId} says how far it is. */
            readonly taskId: string;
        };
        readonly Task: {
            /** @description Its id. */
            readonly id: string;
            /**
             * @description What it does.
             * @enum {string}
             */
            readonly type: "redrive" | "replay" | "recover" | "delete-event";
            /**
             * @description How far it is.
             * @enum {string}
             */
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
            /** @description The event of a replay or of a deletion. */
            readonly eventId?: string;
            /** @description The endpoint of a recovery, or of the redrive of one endpoint. */
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
            /**
             * Format: date-time
             * @description When it was created.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When it was changed last.
             */
            readonly updatedAt: string;
        };
        readonly TaskPage: {
            /** @description The items of this page. */
            readonly data: readonly components["schemas"]["Task"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly Token: {
            /** @description Its id. */
            readonly id: string;
            /** @description The application of the token; * for an operator's token. */
            readonly applicationId: string | "*";
            /** @description Its name, for people. */
            readonly name: string;
            /** @description Limits the events per second that it may post. */
            readonly rateLimit?: {
                /** @description At most so many in one second. */
                readonly perSecond: number;
            };
            /**
             * Format: date-time
             * @description When it was created.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When it ends; absent or null when it has no end.
             */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @description Accurate to the hour.
             */
            readonly lastUsedAt?: string;
            /** @description What it may do: admin includes manage and ingest, manage includes read. */
            readonly scopes: readonly ("admin" | "manage" | "ingest" | "read")[];
        } | {
            /** @description Its id. */
            readonly id: string;
            /** @description The application of the token; * for an operator's token. */
            readonly applicationId: string | "*";
            /** @description Its name, for people. */
            readonly name: string;
            /** @description Limits the events per second that it may post. */
            readonly rateLimit?: {
                /** @description At most so many in one second. */
                readonly perSecond: number;
            };
            /**
             * Format: date-time
             * @description When it was created.
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When it ends; absent or null when it has no end.
             */
            readonly expiresAt?: string;
            /**
             * Format: date-time
             * @description Accurate to the hour.
             */
            readonly lastUsedAt?: string;
            /**
             * @description Always portal: it has capabilities in place of scopes.
             * @constant
             */
            readonly kind: "portal";
            /** @description What the token may do; portal tokens have no scopes. */
            readonly capabilities: readonly ("endpoints:read" | "endpoints:write" | "deliveries:read" | "deliveries:retry" | "events:read" | "secrets:read")[];
        };
        readonly TokenInput: {
            /** @description a string of 1 to 200 characters without control characters */
            readonly name: string;
            /** @description an array of 1 to 4 of admin, manage, ingest, read */
            readonly scopes: readonly ("admin" | "manage" | "ingest" | "read")[];
            /** @description an application id, or "*" for all applications */
            readonly applicationId?: string | null;
            /** @description How many events a second it may post; null for no limit. */
            readonly rateLimit?: {
                /** @description a whole number from 1 to 100000 events a second */
                readonly perSecond: number;
            } | null;
            /** @description an ISO 8601 time with a zone in the future, such as 2030-01-31T12:00:00Z */
            readonly expiresAt?: string | null;
        };
        readonly TokenPage: {
            /** @description The items of this page. */
            readonly data: readonly components["schemas"]["Token"][];
            /** @description Pass it as cursor to get the next page; null on the last page. */
            readonly nextCursor: string | null;
        };
        readonly TokenPatch: {
            /** @description a string of 1 to 200 characters without control characters */
            readonly name?: string;
            /** @description How many events a second it may post; null for no limit. */
            readonly rateLimit?: {
                /** @description a whole number from 1 to 100000 events a second */
                readonly perSecond: number;
            } | null;
            /** @description an ISO 8601 time with a zone in the future, such as 2030-01-31T12:00:00Z */
            readonly expiresAt?: string | null;
        };
        readonly V1Accepted: {
            /** @description The application, as in the request. */
            readonly application_id: string;
            /** @description The event_id of the request, or else the UUID in eventId. */
            readonly event_id: string;
            /**
             * Format: date-time
             * @description When the event was accepted.
             */
            readonly received_at: string;
            /** @description The event. */
            readonly eventId: string;
        };
        readonly V1EventInput: {
            /** @description a UUID such as 018f6d3c-5b0a-7c1e-9d55-3a1f0c9b7e42 */
            readonly event_id?: string | null;
            /** @description a string of 1 to 64 characters without control characters */
            readonly application_id: string;
            /** @description an event type such as order.created */
            readonly event_type: string;
            /** @description a string that holds JSON */
            readonly payload: string;
            /** @description application/json */
            readonly payload_content_type: string;
            /** @description an object */
            readonly metadata?: {
                readonly [key: string]: unknown;
            } | null;
            /** @description an ISO 8601 time such as 2026-01-31T12:00:00Z */
            readonly occurred_at?: string | null;
            /** @description an object of strings */
            readonly labels?: {
                readonly [key: string]: string;
            } | null;
        };
        readonly V1EventType: {
            /** @description The first part of the name. */
            readonly service_name: string;
            /** @description The second part of the name. */
            readonly resource_type_name: string;
            /** @description The third part of the name. */
            readonly verb_name: string;
            /** @description The whole name: service, resource type and verb, joined by dots. */
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
        readonly ListEventMatchingQuery: {
            /** @description Only this endpoint. Accepted: an endpoint id such as ep_01h…. */
            readonly endpointId?: string;
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
export type EventMatching = components['schemas']['EventMatching'];
export type EventMatchingPage = components['schemas']['EventMatchingPage'];
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
export type ListEventMatchingQuery = components['schemas']['ListEventMatchingQuery'];
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
