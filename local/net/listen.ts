import type { AddressInfo, Server } from 'node:net';

/** Binds a server to 127.0.0.1. @param port 0 takes a free one. @returns the port. @throws Error of the system */
export async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
