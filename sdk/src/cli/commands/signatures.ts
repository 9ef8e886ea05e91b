import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { sign } from '../../testing/sign.ts';
import { verifyWebhook } from '../../webhooks/edge.ts';
import { WebhookVerificationError } from '../../webhooks/error.ts';
import { type CapturedRequest, capturedRequest } from '../requests/captured.ts';
import { answerStyled, forward, receiverUrl } from '../requests/forward.ts';
import { UsageError } from '../shell/errors.ts';
import type { Shell } from '../shell/shell.ts';
import { durationOf, textOf, timeOf } from '../shell/values.ts';
import { duration } from '../views/time.ts';
import { examples } from './limits.ts';

/** Seconds. What receivers accept unless they choose otherwise. */
const usualTolerance = 300;

const secretOption = () =>
  new Option('--secret <secret>', 'secret of the endpoint, @FILE or - (default: WEBHOOK_SECRET)').conflicts(
    'endpoint',
  );
const endpointOption = () => new Option('--endpoint <id>', 'read the secret of this endpoint from the API');

export function addSignatures(program: CommandUnknownOpts, shell: Shell): void {
  const verify = program
    .command('verify')
    .summary('say whether a captured request is authentic')
    .description(
      'Says whether a captured request is authentic, and if not, why. The file holds headers, an empty line, and the body.\nThe exit code is 1 when it is not authentic. The age counts only with --tolerance.',
    )
    .argument('<file>', 'the request; - reads standard input')
    .addOption(secretOption())
    .addOption(endpointOption())
    .option('--tolerance <duration>', 'refuse a request that is older, such as 5m', durationOf)
    .action(async (file, { secret, endpoint, tolerance }) => {
      const request = capturedRequest(await shell.ports.read(file));
      const key = await secretOf({ secret, endpoint }, shell);
      await verified(request, key, tolerance, shell);
    });
  examples(
    verify,
    'verify request.txt --endpoint ep_01h…',
    'verify request.txt --secret @secret.txt --tolerance 5m',
  );

  const signing = program
    .command('sign')
    .summary('sign a request for a test of a receiver')
    .description('Prints a signed request as Hook0 sends it, or with --to sends it and shows the answer.')
    .argument('<payload>', 'JSON, @FILE or -; it is not changed')
    .addOption(secretOption())
    .addOption(endpointOption())
    .option('--id <id>', 'webhook-id (default: a new one)')
    .option('--at <time>', 'time of the signature: a time, or how long ago', timeOf(shell.ports.now))
    .option('--to <url>', 'post it to this receiver, such as http://localhost:4000/webhooks')
    .action(async (payload, { secret, endpoint, id, at, to }) => {
      const body = await textOf(payload, 'the payload', shell.ports);
      const now = at === undefined ? shell.ports.now() : Date.parse(at);
      const key = await secretOf({ secret, endpoint }, shell);
      const signed = await sign({ secret: key, body, now, ...(id === undefined ? {} : { id }) });
      if (to === undefined) {
        shell.value({ headers: signed.headers, body }, () => requestText(signed.headers, body));
        return;
      }
      const answer = await forward(receiverUrl(to), signed.headers, body, shell.ports.now);
      shell.value(
        answer,
        () => `${[shell.styled(answerStyled(answer)), answer.body].filter(Boolean).join('\n')}\n`,
      );
      if (answer.status === undefined || answer.status < 200 || answer.status > 299) shell.exitCode = 1;
    });
  examples(
    signing,
    `sign '{"id":1}' --endpoint ep_01h… --to http://localhost:4000/webhooks`,
    `sign @payload.json --secret @secret.txt > request.txt`,
  );
}

async function verified(
  { headers, body }: CapturedRequest,
  secret: string,
  tolerance: number | undefined,
  shell: Shell,
): Promise<void> {
  const signedAt = Number(headers['webhook-timestamp']?.[0]) * 1_000;
  // A captured request is old by now. Its age is a remark, unless a person asks for it.
  const now = tolerance !== undefined || Number.isNaN(signedAt) ? shell.ports.now() : signedAt;
  const options = tolerance === undefined ? {} : { tolerance: tolerance / 1_000 };
  try {
    const { id, timestamp, payload } = await verifyWebhook({ headers, body, secret, now, ...options });
    const age = Math.abs(shell.ports.now() - timestamp.getTime());
    shell.value({ authentic: true, id, timestamp, payload }, () =>
      shell.details([
        ['Authentic', { text: 'yes', style: 'green' }],
        ['Event', id],
        ['Signed', timestamp.toISOString()],
        ['Payload', JSON.stringify(payload)],
      ]),
    );
    if (!shell.isJson && age > usualTolerance * 1_000) {
      shell.note(
        `it was signed ${duration(age)} ago; receivers refuse it after ${usualTolerance / 60} minutes`,
      );
    }
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    shell.exitCode = 1;
    const { code, message } = error;
    shell.value({ authentic: false, code, message }, () =>
      shell.details([
        ['Authentic', { text: 'no', style: 'red' }],
        ['Because', `${message} (${code})`],
      ]),
    );
  }
}

async function secretOf(
  { secret, endpoint }: { readonly secret?: string | undefined; readonly endpoint?: string | undefined },
  shell: Shell,
): Promise<string> {
  if (endpoint !== undefined) return (await shell.client().endpoints.secret(endpoint)).secret;
  const given = secret ?? shell.ports.env.WEBHOOK_SECRET;
  if (given === undefined)
    throw new UsageError('a secret is missing: use --secret, --endpoint ID, or WEBHOOK_SECRET');
  return (await textOf(given, 'the secret', shell.ports)).trim();
}

/** As HTTP writes it, so that `hook0 verify` reads it. */
const requestText = (headers: Readonly<Record<string, string>>, body: string): string =>
  `${Object.entries({ ...headers, 'content-length': String(new TextEncoder().encode(body).length) })
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')}\n${body}\n`;
