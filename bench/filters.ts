// What the filters and schemas of one event may take at most, as CPU of one core: `npm run bench:filters`. Each case saves
// as many filters of its kind as one event type may have, and matches an event for which they take as long as possible,
// in an index that never matched one. The constants of core/filter/cost.ts, core/regex/re2.ts and
// core/json-schema/run.ts are chosen so that each case stays below the budget.

import { mostSteps } from '#core/filter/cost.ts';
import { type Filter, filterLimits } from '#core/filter/filter.ts';
import { checkCost } from '#core/filter/validate.ts';
import { schemaLimits } from '#core/json-schema/limits.ts';
import { readSchema } from '#core/json-schema/validate.ts';
import { createRe2 } from '#core/regex/re2.ts';
import type { Route } from '#core/routing/route.ts';
import { RoutingIndex } from '#core/routing/routing-index.ts';
import { type HostileFilters, hostileFilters } from '#test/support/hostile-filters.ts';
import { hostileSchemas } from '#test/support/hostile-schemas.ts';

/** Milliseconds of CPU for one request. A step stands for 10 ns. */
const budget = 250;
const print = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Milliseconds of CPU of this thread. */
function cpuOf(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

/** Nanoseconds of the most expensive step. */
const worst = { filters: 0, schemas: 0 };

function report(what: keyof typeof worst, name: string, steps: number, cold: number, warm: number): void {
  const perStep = (milliseconds: number) => (milliseconds * 1e6) / steps;
  print(
    `  ${name.padEnd(56)} ${(steps / 1e6).toFixed(1).padStart(5)}M steps: first ${cold.toFixed(0).padStart(4)} ms ` +
      `(${perStep(cold).toFixed(1)} ns a step), then ${warm.toFixed(0).padStart(4)} ms (${perStep(warm).toFixed(1)})`,
  );
  // A case of a millisecond says nothing about a step.
  if (steps > filterLimits.steps / 20) worst[what] = Math.max(worst[what], perStep(cold));
}

/** As many endpoints of the kind as may be saved, at most 60,000. */
function routesOf({ conditions }: HostileFilters): { routes: Route[]; steps: number } {
  const regex = createRe2();
  const routes: Route[] = [];
  let steps = 0;
  for (let n = 0; n < 60_000; n += 1) {
    const filters: Filter = { conditions: conditions(n) };
    const { cost } = checkCost(filters, { endpoint: {}, regex });
    if (steps + mostSteps(cost) > filterLimits.steps) break;
    steps += mostSteps(cost);
    routes.push({ endpointId: `ep_${n}`, patterns: ['*'], filters, cost });
  }
  return { routes, steps };
}

print('filters');
for (const kind of hostileFilters) {
  const { routes, steps } = routesOf(kind);
  const applicationMetadata = { list: Array.from({ length: 2_000 }, () => 0) };
  const index = new RoutingIndex({ version: 1, applicationMetadata, routes });
  index.useRegexEngine(createRe2());
  const text = JSON.stringify(kind.payload);
  const event = { id: 'evt_1', type: 'a', tags: [], timestamp: '2026-01-01T00:00:00.000Z' };
  const match = () => index.match({ ...event, payloadLength: text.length, payload: () => JSON.parse(text) });
  const cold = cpuOf(match);
  const warm = Math.min(...Array.from({ length: 3 }, () => cpuOf(match)));
  report('filters', `${routes.length} × ${kind.name}`, steps, cold, warm);
}

print('schemas');
for (const { name, schema, payload } of hostileSchemas) {
  const text = JSON.stringify(schema);
  const reading = readSchema(text, createRe2());
  if (!reading.ok) {
    print(`  ${name.padEnd(48)} is refused when it is saved: received ${reading.problems[0]?.received}`);
    continue;
  }
  let unused = 0;
  const validate = () =>
    reading.validator(payload, (steps) => {
      unused = steps;
    });
  const cold = cpuOf(validate);
  const warm = Math.min(...Array.from({ length: 3 }, () => cpuOf(validate)));
  report('schemas', name, schemaLimits.steps - unused, cold, warm);
}

const milliseconds =
  (worst.filters * filterLimits.steps + worst.schemas * (schemaLimits.steps + schemaLimits.preparation)) /
  1e6;
print(`the worst of both, for one request: ${milliseconds.toFixed(0)} ms, budget ${budget} ms`);
if (milliseconds > budget) process.exitCode = 1;
