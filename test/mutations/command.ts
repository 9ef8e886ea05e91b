import { breaking } from './mutation.ts';

export const commandIsCareful = breaking('the command sends no token and no forgery to the wrong place', [
  {
    breaks: 'the token of a profile is sent to the address of --api-url',
    symbol: 'connection.checkAddress',
    from: 'apiUrl === url',
    to: 'apiUrl !== url',
    test: 'the address and the token > are never mixed',
  },
  {
    breaks: 'listen forwards a webhook with numbers that JavaScript has rewritten',
    symbol: 'eventWithText',
    from: "memberText(text, 'payload') ?? JSON.stringify(event.payload)",
    to: 'JSON.stringify(event.payload)',
    test: 'hook0 listen, by polling',
  },
  {
    breaks: 'listen leaves its endpoint behind',
    symbol: 'Listener',
    from: 'await client.endpoints.delete(id)',
    to: 'await client.endpoints.pause(id)',
    test: 'hook0 listen, directly',
  },
  {
    breaks: 'the test event of doctor reaches endpoints that get every event',
    symbol: 'eventCheck',
    from: "pattern === '*' ||",
    to: '',
    test: 'hook0 doctor > posts no event that another endpoint would get',
  },
  {
    breaks: 'the command works with a file of tokens that other users may read',
    symbol: 'checkMode',
    from: '0o077',
    to: '0o000',
    test: 'the file with the profiles > is refused when other users may read it',
  },
]);
