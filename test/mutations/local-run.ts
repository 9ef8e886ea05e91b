import { breaking } from './mutation.ts';

export const localRunIsSafe = breaking('the local run: safe from web pages and other users', [
  {
    breaks: 'a web page reads and changes the queues of a developer',
    symbol: 'foreignRequest',
    from: 'origin !== undefined',
    to: 'origin === undefined && host === undefined',
    test: 'the SQS engine > refuses a page of another origin',
  },
  {
    breaks: 'a web page whose name was rebound calls AWS calls as any function',
    symbol: 'foreignRequest',
    from: 'host !== undefined && local.test(host)',
    to: 'host !== undefined',
    test: 'the proxy > refuses a page whose name was rebound',
  },
  {
    breaks: 'a web page finds the DynamoDB engine, which answers every page',
    symbol: 'startDynoxide',
    from: 'secretLoopback(process.platform, randomBytes(3))',
    to: "secretLoopback('darwin', randomBytes(3))",
    test: 'the DynamoDB engine > is not where a page would look for it',
  },
  {
    breaks: 'other users of the machine read payloads and secrets in a data directory',
    symbol: 'ownFile',
    from: "openSync(path, 'wx', 0o600)",
    to: "openSync(path, 'wx', 0o644)",
    test: 'the local stack > makes custom resources and goes on from a data directory',
  },
]);
