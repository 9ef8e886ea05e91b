import type { RequestResult } from '#core/attempt/outcome.ts';
import { cleanCircuit } from '#core/circuit/circuit.ts';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import { troubleDelay } from '#core/message/trouble.ts';
import { Problem } from '#core/problem/problem.ts';
import { handleDelivery } from '#lambdas/deliver/handle-delivery.ts';
import { handleMessage } from '#lambdas/fan-out/handle-message.ts';
import { ingest } from '#lambdas/ingest/routes.ts';
import { handleQuarantined } from '#lambdas/quarantine/handle-message.ts';
import { reconcile } from '#lambdas/reconcile/sweep.ts';
import { tick } from '#lambdas/scheduler/tick.ts';
import { handleTaskMessage } from '#lambdas/tasks/handle-message.ts';
import { anEndpoint } from '#test/support/config-fixtures.ts';
import { type Ground, idsOf } from './common.ts';
import { Death, Faults, type Life, Trouble } from './faults.ts';
import { portsOf } from './ports.ts';
import { type Queued, Queues } from './queues.ts';
import { Tables } from './tables.ts';

export const start = Date.UTC(2026, 0, 1);
const minute = 60_000;
const hour = 60 * minute;
// Far more than any scenario needs: what is not settled then never will be.
const mostTurns = 4_000;

export type ApiPorts = ReturnType<typeof portsOf>['api'];

/** All functions over tables and queues in memory, in virtual time. Any effect of any function may go wrong. */
export class Plant implements Ground {
  now = start;
  readonly tables = new Tables();
  readonly queues = new Queues();
  readonly requests: { readonly deliveryId: string; readonly at: number }[] = [];
  /** The ids of the lifecycle events, each as often as it was published. */
  readonly announced: string[] = [];
  readonly ids = idsOf(() => this.now);
  faults = new Faults();
  /** Answers a delivery's nth request, from 1. */
  receiver: (request: number, plant: Plant) => RequestResult = () => answered(200);
  private claims = 0;
  private posts = 0;

  readonly newClaimId = (): string => {
    this.claims += 1;
    return `claim-${this.claims}`;
  };

  addEndpoint(given: Partial<Endpoint> = {}): string {
    const id = this.ids.endpoint();
    const endpoint = anEndpoint({
      ...{ id, applicationId: 'default', circuitBreaker: { enabled: false, threshold: 5, timeout: minute } },
      ...given,
    });
    const state = { status: 'active', since: this.now } as const;
    this.tables.endpoints.set(id, { endpoint, state, circuit: cleanCircuit, routed: true });
    return id;
  }

  async effect<Result>(life: Life, name: string, happen: () => Result): Promise<Result> {
    // Nothing takes no time, so that no two things happen at once by accident.
    this.now += 1;
    return this.faults.effect(life, name, happen);
  }

  answer(deliveryId: string): RequestResult {
    return this.receiver(this.requests.filter((one) => one.deliveryId === deliveryId).length, this);
  }

  /** Posts once. Undefined when nobody answered, or not with a 202. */
  async postOnce(path: string, body: unknown, key?: string): Promise<string | undefined> {
    const life = { isOver: false };
    this.posts += 1;
    const request = {
      ...{ method: 'POST', path, query: new URLSearchParams(), requestId: `request-${this.posts}` },
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: { content: JSON.stringify(body), isBase64: false },
    };
    try {
      const { body: answer } = await ingest(request, portsOf(this, life).ingest);
      return await this.effect(life, 'answer', () => answer);
    } catch (error) {
      if (error instanceof Death || error instanceof Trouble) return undefined;
      if (error instanceof Problem && (error.status >= 500 || error.status === 409)) return undefined;
      throw error;
    }
  }

  /** Posts as a client does that has a key: again and again until it is answered. */
  async post(path: string, body: unknown): Promise<string> {
    for (let tries = 0; tries < 20; tries += 1) {
      const answer = await this.postOnce(path, body, 'a-key');
      if (answer !== undefined) return answer;
      this.now += 15_000;
    }
    throw new Error('was not accepted in five minutes');
  }

  /** Asks the API until it answers. */
  async ask<Result>(work: (api: ApiPorts) => Promise<Result>): Promise<Result> {
    for (let tries = 0; tries < 20; tries += 1) {
      const life = { isOver: false };
      try {
        const answer = await work(portsOf(this, life).api);
        return await this.effect(life, 'answer', () => answer);
      } catch (error) {
        const isOurs =
          error instanceof Death ||
          error instanceof Trouble ||
          (error instanceof Problem && error.status >= 500);
        if (!isOurs) throw error;
        this.now += 1_000;
      }
    }
    throw new Error('was not answered in twenty tries');
  }

  /** Lets functions run until each delivery is settled, and nothing is queued or looked after any more. */
  async run(): Promise<void> {
    for (let turns = 0; !this.isQuiet(); turns += 1) {
      if (turns === mostTurns) throw new Error(`is not quiet after ${(this.now - start) / hour} hours`);
      const message = this.queues.nextAt();
      const tickAt = this.nextTick();
      const walkAt = this.tables.unstored().length > 0 ? (Math.floor(this.now / hour) + 1) * hour : Infinity;
      const next = Math.min(message, tickAt, walkAt);
      if (next === Infinity) throw new Error('nothing will ever happen to what is not settled');
      this.now = Math.max(this.now, next);
      if (message === next) await this.receive();
      else if (tickAt === next) await this.tick();
      else await this.walk();
    }
  }

  async tick(): Promise<void> {
    const life = { isOver: false };
    await this.live(() => tick(portsOf(this, life).scheduler));
  }

  async walk(): Promise<void> {
    await this.live(() => reconcile(portsOf(this, { isOver: false }).reconcile));
  }

  async receive(): Promise<void> {
    const message = this.queues.receive(this.now);
    if (!message) return;
    const life = { isOver: false };
    try {
      const isDone = await this.handle(message, life);
      if (isDone) await this.effect(life, 'acknowledge', () => this.queues.delete(message));
    } catch (error) {
      if (!(error instanceof Death)) message.visibleAt = this.now + troubleDelay(message.receives);
    }
  }

  private async handle(message: Queued, life: Life): Promise<boolean> {
    const { body, receives } = message;
    const received = { body, receiptHandle: 'r', receiveCount: receives };
    const ports = portsOf(this, life);
    switch (message.queue) {
      case 'fan-out':
        return (await handleMessage(received, ports.fanOut(message))) === 'done';
      case 'redrive':
        await handleTaskMessage(received, ports.redrive);
        return true;
      case 'quarantine':
        return (await handleQuarantined(body, ports.quarantine)) === 'done';
      case 'dead-letter':
        throw new Error('nobody consumes the dead-letter queue');
      default:
        return (await handleDelivery(received, ports.deliver(message))) === 'done';
    }
  }

  private async live(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Death) && !(error instanceof Trouble)) throw error;
    }
  }

  private isQuiet(): boolean {
    return this.tables.isSettled() && this.queues.isEmpty() && this.isAttended();
  }

  /** Nobody is looked after but for an open circuit, whose next probe has to be another event. */
  private isAttended(): boolean {
    const { attention, endpoints } = this.tables;
    return [...attention.keys()].every((id) => {
      const found = endpoints.get(id);
      return found?.state.status === 'active' && found.circuit.state === 'open';
    });
  }

  /** Ticks are left out that would find nothing to do. */
  private nextTick(): number {
    const following = (Math.floor(this.now / minute) + 1) * minute;
    if (this.tables.attention.size > 0) return following;
    return Math.max(following, Math.ceil((this.tables.nextDue() - 90_000) / minute) * minute);
  }

  /** How everything ended, in words that are the same in every run that ended well. */
  summary(): readonly string[] {
    const { deliveries, endpoints, events, erased, tasks } = this.tables;
    const eventIds = [...events.keys(), ...erased.keys()].toSorted();
    const endpointIds = [
      ...new Set([...deliveries.items.values()].map(({ endpointId }) => endpointId)),
    ].toSorted();
    const told = (id: string) => id.replace(/(endpoint\.disabled:[^:]+):\d+/, '$1');
    return [
      ...[...deliveries.items.values()]
        .map(({ endpointId, eventId, generation, state }) => {
          const why = 'reason' in state ? ` (${state.reason})` : '';
          const of = `event ${eventIds.indexOf(eventId)} to ${endpointIds.indexOf(endpointId)}`;
          return `${of}: ${state.status}${why} in generation ${generation}`;
        })
        .toSorted(),
      ...[...endpoints.values()].map(({ state, circuit, routed }) => {
        return `endpoint: ${state.status} ${state.reason ?? ''}, circuit ${circuit.state}, routed ${routed}`;
      }),
      ...[...new Set(this.announced.map((id) => told(id).replace(/dlv_\w+/, 'dlv')))].toSorted(),
      `${new Set(this.announced).size} things announced`,
      // One that was never begun is of a request that got no answer, and was asked for once more.
      ...[
        ...new Set(
          [...tasks.items.values()]
            .filter(({ step }) => step > 0)
            .map(({ work, status }) => `${work.kind}: ${status}`),
        ),
      ],
    ];
  }
}

export const answered = (statusCode: number, retryAfter?: number): RequestResult => ({
  ...{ kind: 'answered', statusCode, responseHeaders: {}, responseBody: '', duration: 5 },
  ...(retryAfter === undefined ? {} : { retryAfter }),
});
