import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';

const types = { 1: 'A', 28: 'AAAA' } as const;

/** What a name server says of a name: the bytes of its records by type, or an error. Of other types it has nothing. */
export type Zone = Readonly<
  Record<string, { readonly A?: number[]; readonly AAAA?: number[] } | 'fails' | 'is silent'>
>;

/** A DNS server (RFC 1035) on loopback that ends with its test. Names that the zone lacks do not exist. */
export async function nameServer(zone: Zone): Promise<string> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const answer = answerTo(query, zone);
    if (answer !== undefined) socket.send(answer, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return `127.0.0.1:${socket.address().port}`;
}

function answerTo(query: Buffer, zone: Zone): Buffer | undefined {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = query.readUInt16BE(at + 1);
  const known = zone[labels.join('.').toLowerCase()];
  if (known === 'is silent') return undefined;
  const name = type === 1 || type === 28 ? types[type] : undefined;
  const data = typeof known === 'object' && name !== undefined ? known[name] : undefined;
  const failure = known === 'fails' ? 2 : known === undefined ? 3 : 0;
  const head = Buffer.from(query.subarray(0, 12));
  // An answer with recursion available.
  head.writeUInt16BE(0x8180 | failure, 2);
  head.writeUInt16BE(data === undefined ? 0 : 1, 6);
  head.writeUInt32BE(0, 8);
  const question = query.subarray(12, at + 5);
  if (data === undefined) return Buffer.concat([head, question]);
  // The name of the question, its type, class IN, a minute.
  const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, data.length]);
  return Buffer.concat([head, question, record, Buffer.from(data)]);
}
