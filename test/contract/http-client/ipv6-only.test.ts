import { expect, it } from 'vitest';
import { createIpv6OnlyCheck } from '#adapters/http-client/ipv6-only.ts';
import { nameServer } from '#test/support/name-server.ts';

const A = [8, 8, 8, 8];
const AAAA = [0x26, 0x06, 0x47, ...Array<number>(12).fill(0), 1];

it.each([
  ['a name with IPv6 addresses only', { 'name.example.com': { AAAA } }, true],
  ['a name with both', { 'name.example.com': { A, AAAA } }, false],
  ['a name with IPv4 addresses only', { 'name.example.com': { A } }, false],
  ['a name without addresses', { 'name.example.com': {} }, false],
  ['a name that does not exist', {}, false],
  ['a name whose server fails', { 'name.example.com': 'fails' }, false],
  ['a name whose server is silent', { 'name.example.com': 'is silent' }, false],
] as const)('%s', async (_what, zone, isIpv6Only) => {
  const check = createIpv6OnlyCheck([await nameServer(zone as never)]);
  expect(await check('name.example.com')).toBe(isIpv6Only);
});
