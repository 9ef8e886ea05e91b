import { describe, expect, it } from 'vitest';
import { ApiError } from '#sdk/src/client/errors.ts';
import type { Endpoint, NewEndpoint, NewEventType } from '#sdk/src/client/types.ts';
import type { ImportPlan } from '#sdk/src/import/plan.ts';
import { type ReportLine, runImport } from '#sdk/src/import/run.ts';

const planned = (source: string, disabled = false) => ({
  source,
  disabled,
  notes: [],
  endpoint: { name: source, url: 'https://a.example.com', events: ['*'], metadata: { importedFrom: source } },
});

/** The API of an application. `failing` names sources that it refuses to create or to disable. */
class Target {
  readonly standing: Endpoint[] = [];
  failing: { create?: string; disable?: string } = {};
  now = 0;

  async *all() {
    yield* this.standing;
  }
  async check(endpoint: NewEndpoint): Promise<void> {
    if (this.failing.create === endpoint.name) {
      const errors = ['url: it is http', 'name: it is long'].map((text) => {
        const [field = '', message = ''] = text.split(': ');
        return { field, message };
      });
      throw new ApiError('POST /api/endpoints', 400, { code: 'validation_failed', errors });
    }
  }
  async create(endpoint: NewEndpoint): Promise<Endpoint> {
    await this.check(endpoint);
    this.now += 1;
    const at = new Date(this.now).toISOString();
    const created = {
      ...endpoint,
      id: `ep_${this.now}`,
      status: 'active',
      statusSince: at,
      createdAt: at,
    } as Endpoint;
    this.standing.push(created);
    return created;
  }
  async disable(id: string): Promise<void> {
    const index = this.standing.findIndex((one) => one.id === id);
    const standing = this.standing[index] as Endpoint;
    if (this.failing.disable === standing.name)
      throw new ApiError('POST /disable', 503, { code: 'unavailable' });
    this.now += 1;
    this.standing[index] = { ...standing, status: 'disabled', statusSince: new Date(this.now).toISOString() };
  }
  readonly names = new Set<string>();
  /** The error for every event type, when there is one. */
  refusal: ApiError | undefined;
  readonly eventTypes = {
    check: async ({ name }: NewEventType) => {
      if (this.refusal) throw this.refusal;
      if (this.names.has(name)) throw new ApiError('POST /api/event-types', 409, { code: 'already_exists' });
    },
    create: async (eventType: NewEventType) => {
      await this.eventTypes.check(eventType);
      this.names.add(eventType.name);
    },
  };
  /** By name. */
  statuses = () => Object.fromEntries(this.standing.map(({ name, status }) => [name, status]));
}

async function run(
  plan: Partial<ImportPlan>,
  target: Target | undefined,
  dryRun = false,
): Promise<ReportLine[]> {
  const lines: ReportLine[] = [];
  const whole = { eventTypes: [], endpoints: [], leftOut: [], ...plan };
  const api = target && { endpoints: target, eventTypes: target.eventTypes };
  for await (const line of runImport(whole, api, dryRun)) lines.push(line);
  return lines;
}
const outcomes = async (...given: Parameters<typeof run>) =>
  (await run(...given)).map(({ outcome }) => outcome);

describe('an import', () => {
  const endpoints = [planned('svix:1'), planned('svix:2', true)];

  it('creates new endpoints, disables some, and reports what it leaves out', async () => {
    const target = new Target();
    const leftOut = [{ source: 'svix:3', name: 'c', reason: 'so' }];
    expect(await run({ endpoints, leftOut }, target)).toMatchObject([
      { outcome: 'created', source: 'svix:1', id: 'ep_1', disabled: false },
      { outcome: 'created', source: 'svix:2', id: 'ep_2', disabled: true },
      { outcome: 'left out', source: 'svix:3', reason: 'so' },
    ]);
    expect(target.statuses()).toEqual({ 'svix:1': 'active', 'svix:2': 'disabled' });
  });

  it('creates nothing twice, even when an export names it twice', async () => {
    const target = new Target();
    await run({ endpoints: [...endpoints, planned('svix:1')] }, target);
    expect(target.standing).toHaveLength(2);
    expect(await outcomes({ endpoints }, target)).toEqual(['already exists', 'already exists']);
    expect(target.standing).toHaveLength(2);
  });

  it('disables an endpoint after an interrupted run, but not one that was enabled later', async () => {
    const target = new Target();
    target.failing = { disable: 'svix:2' };
    expect(await run({ endpoints }, target)).toMatchObject([{ outcome: 'created' }, { outcome: 'failed' }]);
    expect(target.statuses()['svix:2']).toBe('active');
    target.failing = {};
    expect(await outcomes({ endpoints }, target)).toEqual(['already exists', 'completed']);
    expect(target.statuses()['svix:2']).toBe('disabled');
    const [, second] = target.standing;
    target.standing[1] = {
      ...(second as Endpoint),
      status: 'active',
      statusSince: new Date(99).toISOString(),
    };
    expect(await outcomes({ endpoints }, target)).toEqual(['already exists', 'already exists']);
    expect(target.statuses()['svix:2']).toBe('active');
  });

  it('reports a failure for an entry with the wrong form, and continues', async () => {
    const leftOut = [
      { source: 'svix:endpoints[1]', name: 'endpoints[1]', reason: 'so', failed: true as const },
    ];
    for (const dryRun of [false, true])
      expect((await outcomes({ endpoints, leftOut }, new Target(), dryRun)).at(-1)).toBe('failed');
  });

  it('continues after a failure', async () => {
    const target = new Target();
    target.failing = { create: 'svix:1' };
    const lines = await run({ endpoints }, target);
    expect(lines[0]).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('400 validation_failed'),
    });
    expect(lines[1]).toMatchObject({ outcome: 'created' });
  });

  it('changes nothing in a dry run, with or without a deployment', async () => {
    const target = new Target();
    expect(await outcomes({ endpoints }, undefined, true)).toEqual(['would be created', 'would be created']);
    await run({ endpoints: [planned('svix:1')] }, target);
    expect(await outcomes({ endpoints }, target, true)).toEqual(['already exists', 'would be created']);
    expect(target.standing).toHaveLength(1);
  });

  it('reports in a dry run what the deployment would refuse, with every invalid field', async () => {
    const target = new Target();
    target.failing = { create: 'svix:1' };
    expect(await run({ endpoints }, target, true)).toMatchObject([
      {
        outcome: 'would be refused',
        reason: expect.stringMatching(/400 validation_failed: .*; name: it is long$/),
      },
      { outcome: 'would be created', disabled: true },
    ]);
    target.refusal = new ApiError('POST /api/event-types', 400, { code: 'validation_failed' });
    const eventTypes = [{ source: 'svix:a', eventType: { name: 'a' }, notes: [] }];
    expect(await outcomes({ eventTypes }, target, true)).toEqual(['would be refused']);
    expect(await outcomes({ eventTypes }, target)).toEqual(['failed']);
    expect([target.standing, target.names.size]).toEqual([[], 0]);
  });

  it('registers event types first, and none of them twice', async () => {
    const target = new Target();
    const eventTypes = ['a', 'b'].map((name) => ({ source: `svix:${name}`, eventType: { name }, notes: [] }));
    await run({ eventTypes: eventTypes.slice(1) }, target);
    expect(await outcomes({ eventTypes, endpoints }, target, true)).toEqual([
      'would be created',
      'already exists',
      'would be created',
      'would be created',
    ]);
    expect(target.names.size).toBe(1);
    expect(
      (await run({ eventTypes, endpoints }, target)).map(({ what, outcome }) => `${what} ${outcome}`),
    ).toEqual(['event type created', 'event type already exists', 'endpoint created', 'endpoint created']);
  });

  it('reports when the deployment does not register event types, or refuses one', async () => {
    const target = new Target();
    const eventTypes = [{ source: 'svix:a', eventType: { name: 'a' }, notes: [] }];
    target.refusal = new ApiError('POST /api/event-types', 404, { code: 'route_not_found' });
    expect(await run({ eventTypes }, target)).toMatchObject([
      { outcome: 'left out', reason: 'this deployment does not register event types' },
    ]);
    target.refusal = new ApiError('POST /api/event-types', 503, { code: 'unavailable' });
    expect(await outcomes({ eventTypes }, target)).toEqual(['failed']);
  });
});
