// The synchronous form, on runtimes that have node:crypto.
import process from 'node:process';
import { sign } from '@hook0/sdk/testing';
import { verifyWebhook } from '@hook0/sdk/webhooks';

const secret = 'webhook-secret-key';
const { headers, body } = await sign({ secret, payload: { n: 2 } });
process.stdout.write(JSON.stringify(verifyWebhook({ headers, body, secret }).payload));
