// What matching an event costs, beside a floor of ten look-ups in a Map: `node bench/matching.ts`.

import type { FilterableEvent } from '#core/filter/field.ts';
import type { Filter } from '#core/filter/filter.ts';
import type { Route } from '#core/routing/route.ts';
import { RoutingIndex } from '#core/routing/routing-index.ts';
import { packRoutes, unpackRoutes } from '#core/routing/snapshot.ts';

const budget = 50;
const matching = 10;
const sizes = [1_000, 10_000, 100_000];

const payload = { customer: 'customer-7', order: { id: 'ORD-12345', amount: 299.99 } };

const event: FilterableEvent = {
  id: 'evt_01jd8m2x5cf0q8z7v3k9t4w6ye',
  type: 'order.created',
  source: 'shop',
  tags: ['urgent'],
  timestamp: '2026-01-01T00:00:00.000Z',
  payloadLength: JSON.stringify(payload).length,
  payload: () => payload,
};

const endpointId = (n: number): string => `ep_${n.toString().padStart(26, '0')}`;

const ofCustomer = (n: number): Filter => ({
  logic: 'AND',
  conditions: [
    { field: 'payload.customer', operator: 'eq', value: `customer-${n}` },
    { field: 'payload.order.amount', operator: 'gt', value: 100 },
  ],
});

// No index knows which ranges a value lies in: such filters are tried one by one, and the budget leaves them out.
const triedInTurn = 'same type, filter on a range (outside the budget)';

/** How the endpoints that do not match differ from the ten that do, and whether an index can tell. */
const shapes: Record<string, (n: number, size: number) => Route> = {
  'other event types': (n) => ({
    endpointId: endpointId(n),
    patterns: n < matching ? ['order.created', 'order.*'] : [`type-${n}.created`, `type-${n}.*`],
  }),
  'same type, filter per customer': (n, size) => ({
    endpointId: endpointId(n),
    patterns: ['order.*'],
    filters: ofCustomer(n < matching ? 7 : 1_000 + (n % size)),
  }),
  [triedInTurn]: (n) => ({
    endpointId: endpointId(n),
    patterns: ['order.*'],
    filters: {
      conditions: [{ field: 'payload.order.amount', operator: 'lt', value: n < matching ? 300 : 200 }],
    },
  }),
};

/** Microseconds of one call: the median of several runs. */
function measure(run: () => unknown): number {
  const calls = 200;
  const time = (): number => {
    const started = process.hrtime.bigint();
    for (let call = 0; call < calls; call += 1) run();
    return Number(process.hrtime.bigint() - started) / calls / 1_000;
  };
  for (let warmUp = 0; warmUp < 5; warmUp += 1) time();
  const runs = Array.from({ length: 9 }, time);
  return runs.sort((left, right) => left - right)[4] ?? Number.NaN;
}

function milliseconds<T>(run: () => T): { result: T; elapsed: number } {
  const started = performance.now();
  const result = run();
  return { result, elapsed: performance.now() - started };
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

let worst = 0;
for (const [name, route] of Object.entries(shapes)) {
  print(`${name}; ${matching} match`);
  for (const size of sizes) {
    const routes = Array.from({ length: size }, (_, n) => route(n, size));
    const built = milliseconds(() => new RoutingIndex({ version: 1, applicationMetadata: {}, routes }));
    const index = built.result;
    if (index.match(event).length !== matching)
      throw new Error(`expected ${matching} matches, got ${index.match(event).length}`);
    const plain = new Map(routes.map((one) => [one.endpointId, one]));
    const keys = routes.slice(0, matching).map((one) => one.endpointId);
    const floor = measure(() => keys.map((key) => plain.get(key)));
    const cost = measure(() => index.match(event));
    if (size === 10_000 && name !== triedInTurn) worst = Math.max(worst, cost);
    const packed = milliseconds(() => packRoutes(1, {}, routes));
    const unpacked = milliseconds(() => unpackRoutes(packed.result));
    const bytes = packed.result.reduce((total, piece) => total + piece.length, 0);
    print(
      `  ${size.toString().padStart(7)} endpoints: ${cost.toFixed(2)} µs a match, floor ${floor.toFixed(2)} µs; ` +
        `build ${built.elapsed.toFixed(0)} ms, about ${(index.bytes / 1e6).toFixed(1)} MB; ` +
        `pack ${packed.elapsed.toFixed(0)} ms into ${(bytes / 1e3).toFixed(0)} KB, ${packed.result.length} pieces; unpack ${unpacked.elapsed.toFixed(0)} ms`,
    );
  }
}

print(
  `at 10,000 endpoints: ${worst.toFixed(2)} µs, budget ${budget} µs: ${worst <= budget ? 'kept' : 'BROKEN'}`,
);
if (worst > budget) process.exitCode = 1;
