import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { acknowledge } from '#lib/constructs/resource/acknowledge.ts';
import { type Report, synthesized, unsynthesized } from './synthesized.ts';

interface Acknowledgement {
  readonly at: string;
  readonly id: string;
  readonly reason: string;
}

function acknowledgementsIn(root: IConstruct): Acknowledgement[] {
  return root.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]) => ({ at: node.path, id, reason })),
  );
}

/** Acknowledgements without a finding: left over, misspelt or on the wrong construct. */
function unmatched(
  acknowledgements: readonly Acknowledgement[],
  { pluginReports }: Report,
): Acknowledgement[] {
  const used = pluginReports.flatMap(({ suppressedViolations = [] }) => suppressedViolations);
  return acknowledgements.filter(
    ({ at, id }) =>
      !used.some(({ acknowledgedAt, acknowledgedId }) => acknowledgedAt === at && acknowledgedId === id),
  );
}

const violations = ({ pluginReports }: Report) => pluginReports.flatMap((report) => report.violations);

const stages = [
  ['with default settings', {}],
  [
    'in production with everything on',
    { stage: 'prod', customerManagedKey: true, alarmEmail: 'oncall@shop.example' },
  ],
] as const;

describe('cdk-nag', () => {
  it.each(stages)('finds nothing in the app %s', (_, context) => {
    expect(violations(synthesized(context).report)).toEqual([]);
  });

  it.each(stages)('needs every acknowledgement of the app %s, and each has a reason', (_, context) => {
    const { app, report } = synthesized(context);
    const acknowledgements = acknowledgementsIn(app);

    expect(acknowledgements.map(({ id }) => id).sort()).toEqual([
      'AwsSolutions::AwsSolutions-APIG4',
      'AwsSolutions::AwsSolutions-SMG4',
      'AwsSolutions::AwsSolutions-SQS3',
    ]);
    expect(unmatched(acknowledgements, report)).toEqual([]);
    for (const { reason } of acknowledgements) expect(reason.split(' ').length).toBeGreaterThan(5);
  });

  it('shows an acknowledgement that matches nothing', () => {
    // An own stage, because the test changes the tree, which others would get from the cache.
    const { stack, report } = synthesized({ stage: 'changed' });
    acknowledge(stack, 'DDB3', 'no finding needs it');

    expect(unmatched(acknowledgementsIn(stack), report)).toEqual([
      { at: 'Hook0-changed', id: 'AwsSolutions::AwsSolutions-DDB3', reason: 'no finding needs it' },
    ]);
  });

  it('stops a synthesis with a finding that is not acknowledged', () => {
    const { app, stack, outdir } = unsynthesized();
    try {
      new Queue(stack, 'Bare');
      expect(() => app.synth()).toThrow(/AwsSolutions-SQS[34]/);
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  });

  it('makes the cdk command fail too', async () => {
    const outdir = mkdtempSync(join(tmpdir(), 'hook0-nag-'));
    try {
      const { code, stderr } = await cdk([
        'synth',
        '--quiet',
        '--app',
        `node ${fixture}`,
        '--output',
        outdir,
      ]);

      expect(stderr).toContain('AwsSolutions-SQS4');
      expect(code).toBe(1);
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  });
});

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const fixture = path('./unacknowledged-app.ts');

async function cdk(parameters: readonly string[]) {
  // The installed Node.js comes first, as in npm scripts, because the machine's may be too old to run TypeScript.
  const PATH = `${path('../../node_modules/.bin')}:${process.env.PATH}`;
  const child = spawn('cdk', parameters, {
    cwd: path('../..'),
    env: { ...process.env, PATH, CDK_DISABLE_CLI_TELEMETRY: 'true', NODE_ENV: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = await once(child, 'close');
  return { code, stderr: Buffer.concat(chunks).toString() };
}
