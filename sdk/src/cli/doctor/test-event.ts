import type { Hook0Client } from '../../client/client.ts';
import type { Token } from '../../client/types.ts';
import type { Shell } from '../shell/shell.ts';
import { duration } from '../views/time.ts';
import type { CheckResult } from './checks.ts';

const type = 'hook0.doctor';
/** A name that never has an address (RFC 2606). */
const nowhere = 'https://hook0-doctor.invalid/';
/** Milliseconds. */
const longestWait = 30_000;
const period = 250;

/** Whether a posted event arrives. It never reaches an endpoint of anyone else. */
export async function eventCheck(token: Token, isLocal: boolean, shell: Shell): Promise<CheckResult> {
  const scopes = 'scopes' in token ? token.scopes : [];
  const isAdmin = scopes.includes('admin');
  if (token.applicationId === '*' && isAdmin) return inOwnApplication(isLocal, shell);
  if (!isAdmin && !(scopes.includes('manage') && scopes.includes('ingest'))) {
    return skipped('the token may not create an endpoint and post an event (scopes manage and ingest)');
  }
  const client = shell.client();
  for await (const { id, events } of client.endpoints.all()) {
    if (events.some((pattern) => pattern === '*' || pattern === 'hook0.*' || pattern === type)) {
      return skipped(`the endpoint ${id} would get the event too; a token for all applications avoids this`);
    }
  }
  return arrives(client, isLocal, shell);
}

const skipped = (detail: string): CheckResult => ({ check: 'event', status: 'skipped', detail });

/** An application without other endpoints, which is removed afterwards. */
async function inOwnApplication(isLocal: boolean, shell: Shell): Promise<CheckResult> {
  const { applications } = shell.client();
  const { id } = await applications.create({ name: 'hook0 doctor' });
  try {
    return await arrives(shell.client({ application: id }), isLocal, shell);
  } finally {
    await applications.delete(id, { confirm: id });
  }
}

async function arrives(client: Hook0Client, isLocal: boolean, shell: Shell): Promise<CheckResult> {
  let isReceived = false;
  const server = isLocal
    ? await shell.ports.serve(async () => {
        isReceived = true;
        return { status: 204, body: '' };
      })
    : undefined;
  try {
    const endpoint = { name: 'hook0 doctor', url: server?.url ?? nowhere, events: [type] };
    const { id } = await client.endpoints.create(endpoint);
    try {
      if (server === undefined) await client.endpoints.pause(id);
      const isHeld = async () => (await client.endpoints.deliveries(id, { status: 'held' })).data.length > 0;
      return await posted(client, server === undefined ? isHeld : async () => isReceived, isLocal, shell);
    } finally {
      await client.endpoints.delete(id);
    }
  } finally {
    await server?.stop();
  }
}

async function posted(
  client: Hook0Client,
  hasArrived: () => Promise<boolean>,
  isLocal: boolean,
  { ports }: Shell,
): Promise<CheckResult> {
  const sentAt = ports.now();
  const { eventId } = await client.sendEvent({ type, payload: { sentAt: new Date(sentAt).toISOString() } });
  const stopped = ports.interrupts();
  while (ports.now() - sentAt < longestWait && !stopped.aborted) {
    if (await hasArrived()) {
      const how = isLocal
        ? 'was received here'
        : 'reached a paused test endpoint; no request was made to the internet (hook0 endpoints test ID makes one)';
      return {
        check: 'event',
        status: 'ok',
        detail: `a test event ${how}, after ${duration(ports.now() - sentAt)}`,
      };
    }
    await ports.sleep(period, stopped);
  }
  const detail = `the test event ${eventId} was accepted, but did not arrive within ${duration(longestWait)}`;
  return { check: 'event', status: 'failed', detail };
}
