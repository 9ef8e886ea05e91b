import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';

/**
 * Milliseconds after which an unused connection is not used again. Lambda freezes a function between two requests, and
 * the network forgets idle connections meanwhile: the next byte on one is answered by a reset, or never.
 */
const longestIdle = 5_000;

const idleSince = new WeakMap<Duplex, number>();

function rememberIdle<AnyAgent extends HttpAgent>(agent: AnyAgent): AnyAgent {
  const keep = agent.keepSocketAlive.bind(agent);
  agent.keepSocketAlive = (socket) => {
    idleSince.set(socket, Date.now());
    return keep(socket);
  };
  return agent;
}

// As many as the SDK's own agents.
const options = { keepAlive: true, maxSockets: 50 };

/** The connections of all clients of AWS in this process. The local run speaks HTTP. */
export const agents = {
  httpAgent: rememberIdle(new HttpAgent(options)),
  httpsAgent: rememberIdle(new HttpsAgent(options)),
};

/** Closes the connections that were idle for too long, so that the next request gets a new one. */
export function dropIdleConnections(): void {
  const oldest = Date.now() - longestIdle;
  for (const { freeSockets } of Object.values(agents)) {
    for (const socket of Object.values(freeSockets).flatMap((sockets) => sockets ?? [])) {
      if ((idleSince.get(socket) ?? 0) < oldest) socket.destroy();
    }
  }
}
