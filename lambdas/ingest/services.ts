import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { sqsWithoutRetries } from '#adapters/aws/clients.ts';
import { inTime, until } from '#adapters/aws/deadline.ts';
import { createApplicationReader } from '#adapters/dynamodb/application/application-reader.ts';
import { createDeliveryStore } from '#adapters/dynamodb/delivery/delivery-store.ts';
import { createEventStore } from '#adapters/dynamodb/event/event-store.ts';
import { createSchemaReader } from '#adapters/dynamodb/event-type/schema-reader.ts';
import { createIdempotencyStore } from '#adapters/dynamodb/idempotency/idempotency-store.ts';
import { createRoutingStore } from '#adapters/dynamodb/routing/routing-store.ts';
import { createTables } from '#adapters/dynamodb/table/tables.ts';
import { createTokenBudgetStore } from '#adapters/dynamodb/token/token-budget-store.ts';
import { createTokenStore } from '#adapters/dynamodb/token/token-store.ts';
import { createAuthenticate } from '#adapters/http-api/auth.ts';
import type { Environment } from '#adapters/lambda/environment.ts';
import { createPriorityQueues } from '#adapters/sqs/queues.ts';
import { createSend } from '#adapters/sqs/send.ts';
import { errorFields, reportRefused, type Telemetry } from '#adapters/telemetry/telemetry.ts';
import { defaultLimits } from '#core/application/limits.ts';
import { createTypeCheck } from '#core/event-type/type-check.ts';
import { createIds } from '#core/id/ids.ts';
import { createRateLimiter } from '#core/rate-limit/limiter.ts';
import { createRequestWork, createSecondWork } from '#core/routing/request-work.ts';
import { createRoutingCache } from '#core/routing/routing-cache.ts';
import { type AcceptPorts, acceptEvents } from './accept.ts';
import { createApplicationLimits } from './application-limits.ts';
import { acceptWithin, queueWithin, rateWithin } from './deadlines.ts';
import type { ingestVariables } from './env.ts';
import { createIdempotency } from './idempotency.ts';
import type { IngestPorts } from './ports.ts';
import { createPostingLimiter, type PostingLimiter } from './posting-limiter.ts';
import { reportOutcomes } from './report.ts';

// Measured heap: a compiled schema takes about 16 bytes for each of its characters.
const schemaCharacters = 1024 * 1024;

/** @param memory of the function, in MB */
export function buildServices(
  env: Environment<typeof ingestVariables>,
  memory: number,
  telemetry: Telemetry,
): IngestPorts {
  const now = Date.now;
  const { logger } = telemetry;
  const time = { now, sleep, random: Math.random };
  const { configTable, eventTable } = createTables(env);
  const tokens = createTokenStore(configTable);
  const budgets = createTokenBudgetStore(eventTable);

  // A quarter of the memory, so that a request's body and the SDK always have room.
  const maxBytes = (memory * 1024 * 1024) / 4;
  const routing = createRoutingCache({
    source: createRoutingStore(configTable),
    maxBytes,
    checkType: createTypeCheck({ load: createSchemaReader(configTable), maxCharacters: schemaCharacters }),
    onOversized: (applicationId, bytes) =>
      logger.warn('an application has more routes than the cache has room for: raise memory.ingest', {
        applicationId,
        bytes,
        maxBytes,
      }),
  });

  const takeOfSecond = createSecondWork(now);

  const acceptPorts = buildAcceptPorts();
  return {
    now,
    newEventId: createIds({ now, randomBytes }).event,
    authenticate: createAuthenticate({
      tokens,
      now,
      used: (hash, at) =>
        void tokens
          .touch(hash, at)
          .catch((error: unknown) => logger.warn('the use of a token was not stored', errorFields(error))),
    }),
    rateLimiter: buildRateLimiter(),
    idempotency: createIdempotency({
      ...time,
      keys: createIdempotencyStore(eventTable),
      onError: (what, error) => logger.warn(`could not store ${what}`, errorFields(error)),
    }),
    accept: async (applicationId, events, claim, startedAt) => {
      const outcomes = await until(startedAt + acceptWithin, () =>
        acceptEvents(applicationId, events, claim, acceptPorts),
      );
      reportOutcomes(applicationId, outcomes, now() - startedAt, telemetry);
      return outcomes;
    },
  };

  function buildRateLimiter(): PostingLimiter {
    const limiter = createRateLimiter({
      ...time,
      take: (key, taking) => until(now() + rateWithin, () => budgets.take(key, taking)),
      onError: (error) => logger.warn('rate limit not enforced: counter unavailable', errorFields(error)),
    });
    const read = createApplicationReader(configTable);
    const limitsOf = createApplicationLimits({
      now,
      read: (id) => until(now() + rateWithin, () => read(id)),
      // Ingest asks for no limits of endpoints.
      defaults: {
        ...defaultLimits,
        eventsPerSecond: Number(env.eventRateLimit),
        bytesPerDay: Number(env.dailyByteLimit),
      },
      onError: (error) => logger.warn('limits of an application not read', errorFields(error)),
    });
    return createPostingLimiter(limiter, limitsOf);
  }

  function buildAcceptPorts(): AcceptPorts {
    const events = createEventStore(eventTable);
    const sqsClient = sqsWithoutRetries();
    const queues = createPriorityQueues(sqsClient, env, reportRefused(telemetry));
    const sendFanOut = createSend({ client: sqsClient, queueUrl: env.fanOutQueue });
    return {
      now,
      match: routing.match,
      requestWork: (applicationId) =>
        createRequestWork({
          pause: () => inTime(() => nextTurn()),
          takeOfSecond: takeOfSecond(applicationId),
        }),
      events: {
        ...events,
        get: (applicationId, eventId) => events.get(applicationId, eventId, { consistent: true }),
      },
      hold: createDeliveryStore(eventTable).store,
      queue: (priority, messages) => until(now() + queueWithin, () => queues(priority, messages)),
      fanOut: async (messages) => {
        const { failed, cause } = await until(now() + queueWithin, () => sendFanOut(messages));
        if (failed.length > 0) logger.warn('the fan-out queue refused segments', errorFields(cause));
        return failed.flatMap((index) => messages[index] ?? []);
      },
    };
  }
}
