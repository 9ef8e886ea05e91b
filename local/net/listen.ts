import type { AddressInfo, Server } from 'node:net';

/**
 * Binds a server to a loopback address.
 *
 * @param port 0 takes a free one
 * @returns the port
 * @throws Error of the system
 */
export async function listen(server: Server, port = 0, address = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, address, resolve);
  });
  return (server.address() as AddressInfo).port;
}
