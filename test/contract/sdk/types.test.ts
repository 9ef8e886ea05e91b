import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmptyProject, packedSdk } from '#test/support/packed-sdk.ts';

let project: EmptyProject;
beforeAll(async () => {
  project = await packedSdk();
  for (const name of ['user.ts', 'user.mts', 'user.cts']) project.write(name, user);
});
afterAll(() => project.remove());

const compilers = ['typescript-5.4', 'typescript'] as const;
// TypeScript 7 has removed node10.
const settings = [
  { module: 'node16', files: ['user.mts', 'user.cts'] },
  { module: 'nodenext', files: ['user.mts', 'user.cts'] },
  { module: 'esnext', moduleResolution: 'bundler', files: ['user.ts'] },
  { module: 'commonjs', moduleResolution: 'node10', files: ['user.ts'], until: 'typescript-5.4' },
];
const each = compilers.flatMap((compiler) => [
  ...settings
    .filter(({ until = compiler }) => until === compiler)
    // Without the types of any runtime.
    .map(({ until, ...setting }) => ({ compiler, lib: ['es2022'], ...setting })),
  { compiler, lib: ['es2022', 'dom'], module: 'nodenext', files: ['user.mts', 'user.cts'] },
]);

const user = `
import { ApiError, type Endpoint, Hook0Client, PartlySentError } from '@hook0/sdk';
import { sign } from '@hook0/sdk/testing';
import { verifyWebhook, WebhookVerificationError } from '@hook0/sdk/webhooks';
import { verifyWebhook as verifyOnEdge, webhookHandler } from '@hook0/sdk/webhooks/edge';

const client = new Hook0Client({ apiUrl: 'https://api.example.com', apiToken: 'hk0_x', timeout: 10000 });
const event = { type: 'order.created', payload: { order: { amount: 1 } } };
const secret = 'webhook-secret-key';
interface Total { readonly total: number }

export const all: AsyncIterable<Endpoint> = client.endpoints.all();
export const rate = async (): Promise<number | null> => (await client.stats()).totals.successRate;
export const one = async (): Promise<string> => (await client.sendEvent(event)).eventId;
export const many = async (): Promise<boolean[]> => (await client.sendEvents([event])).map(({ success }) => success);
export const some = async (): Promise<boolean> =>
  (await client.sendEventIf({ ...event, condition: ({ order }) => order.amount > 1000 })).sent;
export const code = (error: unknown): string | undefined => (error instanceof ApiError ? error.code : undefined);
export const rest = (error: PartlySentError): number => error.results.length;
export const status = (error: WebhookVerificationError): 400 => error.statusCode;
export const total = (): number => verifyWebhook<Total>({ headers: { a: 'b' }, body: '', secret }).payload.total;
export const onEdge = async (): Promise<number> =>
  (await verifyOnEdge<Total>({ headers: {}, body: new Uint8Array(), secret: [secret] })).payload.total;
export const POST = webhookHandler<Total>({ secret }, ({ payload }) => void payload.total.toFixed());
export const signed = async (): Promise<string | undefined> => (await sign({ secret, payload: 1 })).headers['webhook-id'];
// @ts-expect-error there is no such priority
export const wrong = () => client.sendEvent({ ...event, options: { priority: 'urgent' } });
// @ts-expect-error the secret may be missing
export const missing = (given: string | undefined) => verifyWebhook({ headers: {}, body: '', secret: given });
// @ts-expect-error the payload is unknown until it is checked
export const unchecked = () => verifyWebhook({ headers: {}, body: '', secret }).payload.total;
`;

describe('the types compile in an empty project', () => {
  it.each(each)('with $compiler, $module, $lib', async ({ compiler, files, ...options }) => {
    const path = fileURLToPath(import.meta.resolve(`${compiler}/package.json`));
    const strict = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true };
    const compilerOptions = { ...strict, target: 'es2022', types: [], ...options };
    project.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    expect(await project.run(process.execPath, [join(dirname(path), 'bin/tsc'), '-p', '.'])).toBe('');
  });
});
