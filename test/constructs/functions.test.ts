import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { apiVariables } from '#lambdas/api/env.ts';
import { bootstrapVariables } from '#lambdas/bootstrap/env.ts';
import { deliverVariables } from '#lambdas/deliver/env.ts';
import { fanOutVariables } from '#lambdas/fan-out/env.ts';
import { ingestVariables } from '#lambdas/ingest/env.ts';
import { quarantineVariables } from '#lambdas/quarantine/env.ts';
import { reconcileVariables } from '#lambdas/reconcile/env.ts';
import { rollupVariables } from '#lambdas/rollup/env.ts';
import { schedulerVariables } from '#lambdas/scheduler/env.ts';
import { tasksVariables } from '#lambdas/tasks/env.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { functionsOf, ofType, synthesized } from './synthesized.ts';

const dev = synthesized({ retentionDays: 7, memorySize: 1024 });
const functions = functionsOf(dev);
const propertiesIn = (all: typeof functions, name: string) => all[name]?.Properties ?? {};
const properties = (name: string) => propertiesIn(functions, name);
const environment = (name: string, all = functions) =>
  (propertiesIn(all, name).Environment as { Variables: Record<string, unknown> }).Variables;

const variables = {
  Ingest: ingestVariables,
  FanOut: fanOutVariables,
  DeliverHigh: deliverVariables,
  DeliverNormal: deliverVariables,
  DeliverLow: deliverVariables,
  DeliverRetry: deliverVariables,
  DeliverSlow: deliverVariables,
  Api: apiVariables,
  Scheduler: schedulerVariables,
  Tasks: tasksVariables,
  Quarantine: quarantineVariables,
  Reconcile: reconcileVariables,
  Rollup: rollupVariables,
  Bootstrap: bootstrapVariables,
};

describe('functions', () => {
  it('are these and no others: the CDK adds none of its own', () => {
    expect(Object.keys(functions)).toEqual(Object.keys(variables));
  });

  it.each(Object.entries(variables))(
    '%s gets exactly the environment that its env.ts names',
    (name, names) => {
      expect(Object.keys(environment(name)).sort()).toEqual(Object.values<string>(names).sort());
    },
  );

  it('point the variables at what they are called', () => {
    const references = Object.values(variables).flatMap((_, index) => {
      const name = Object.keys(variables)[index] ?? '';
      return Object.entries(environment(name)).map(([variable, value]) => [
        variable,
        (value as { Ref?: string }).Ref,
      ]);
    });
    const targets: Record<string, string> = {
      HOOK0_CONFIG_TABLE: 'Hook0ConfigTable',
      HOOK0_EVENT_TABLE: 'Hook0EventTable',
      HOOK0_HIGH_QUEUE: 'Hook0HighQueue',
      HOOK0_NORMAL_QUEUE: 'Hook0NormalQueue',
      HOOK0_LOW_QUEUE: 'Hook0LowQueue',
      HOOK0_FAN_OUT_QUEUE: 'Hook0FanOutQueue',
      HOOK0_RETRY_QUEUE: 'Hook0RetryQueue',
      HOOK0_SLOW_QUEUE: 'Hook0SlowQueue',
      HOOK0_QUARANTINE_QUEUE: 'Hook0QuarantineQueue',
      HOOK0_DEAD_LETTER_QUEUE: 'Hook0DeadLetterQueue',
      HOOK0_REDRIVE_QUEUE: 'Hook0RedriveQueue',
      HOOK0_ADMIN_TOKEN_SECRET: 'Hook0AdminToken',
    };

    for (const [variable, target] of references) {
      if (variable && variable in targets) expect([variable, target]).toEqual([variable, targets[variable]]);
    }
  });

  it('know the settings and the version', () => {
    expect(environment('Ingest').HOOK0_RETENTION_DAYS).toBe('7');
    expect(environment('DeliverLow').HOOK0_VERSION).toBe(packageJson.version);
  });

  it('bound the routes of an application by the smaller of the functions that hold them', () => {
    const routingMemory = (settings: Parameters<typeof synthesized>[0]) =>
      environment('Api', functionsOf(synthesized(settings))).HOOK0_ROUTING_MEMORY;
    expect(routingMemory({ memorySize: 300 })).toBe('300');
    expect(routingMemory({ memory: { ingest: 2_048 } })).toBe('512');
    expect(routingMemory({ memory: { ingest: 2_048, scheduler: 1_024 } })).toBe('1024');
  });

  it.each(['High', 'Normal', 'Low', 'Retry', 'Slow'])('Deliver%s knows its own queue', (name) => {
    expect(environment(`Deliver${name}`)).toMatchObject({
      HOOK0_OWN_QUEUE: { Ref: `Hook0${name}Queue` },
      HOOK0_QUEUE_CLASS: name.toLowerCase(),
    });
  });

  it('run alike: Node 24 on arm64, JSON logs in a group of their own, no tracing, no reserved concurrency', () => {
    for (const { Properties } of Object.values(functions)) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: 1024,
        Handler: 'index.handler',
        LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.stringMatching(/^Hook0.+Logs/) } },
      });
      expect(Properties).not.toHaveProperty('TracingConfig');
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
      expect(Properties).not.toHaveProperty('FunctionName');
    }
  });

  it('have memory of their own, and a reserve, where the settings say so', () => {
    const given = synthesized({
      memorySize: 300,
      memory: {
        ...{ ingest: 301, deliver: 302, 'fan-out': 303, api: 304, scheduler: 305 },
        ...{ tasks: 306, reconcile: 307, rollup: 308, quarantine: 309 },
      },
      ...{ ingestConcurrency: 90, apiConcurrency: 20 },
    });
    const sizes = Object.entries(functionsOf(given)).map(([name, { Properties }]) => [
      name,
      Properties.MemorySize,
      Properties.ReservedConcurrentExecutions,
    ]);

    expect(sizes).toEqual([
      ['Ingest', 301, 90],
      ['FanOut', 303, undefined],
      ...['DeliverHigh', 'DeliverNormal', 'DeliverLow', 'DeliverRetry', 'DeliverSlow'].map((name) => [
        name,
        302,
        undefined,
      ]),
      ['Api', 304, 20],
      ['Scheduler', 305, undefined],
      ['Tasks', 306, undefined],
      ['Quarantine', 309, undefined],
      ['Reconcile', 307, undefined],
      ['Rollup', 308, undefined],
      ['Bootstrap', 300, undefined],
    ]);
  });

  it('share one code among the deliver functions', () => {
    const codes = Object.keys(variables).map((name) => JSON.stringify(properties(name).Code));

    expect(new Set(codes.slice(2, 7)).size).toBe(1);
    expect(new Set(codes).size).toBe(10);
  });

  it('may be woken by their own messages for as long as a delivery or a task needs', () => {
    const recursive = Object.keys(variables).filter((name) => properties(name).RecursiveLoop === 'Allow');

    expect(recursive).toEqual([
      'FanOut',
      ...['DeliverHigh', 'DeliverNormal', 'DeliverLow', 'DeliverRetry', 'DeliverSlow'],
      'Tasks',
    ]);
  });
});

describe('triggers', () => {
  it('wake the scheduler once a minute', () => {
    dev.template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [
        { Arn: { 'Fn::GetAtt': [idOf('Scheduler'), 'Arn'] }, RetryPolicy: { MaximumRetryAttempts: 0 } },
      ],
    });
  });

  it('make the first token while deploying, without a framework in between', () => {
    dev.template.hasResourceProperties('Custom::Hook0FirstToken', {
      ServiceToken: { 'Fn::GetAtt': [idOf('Bootstrap'), 'Arn'] },
      ServiceTimeout: '120',
    });
  });

  it('find a placeholder that cannot be mistaken for a token: an object', () => {
    dev.template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: {
        SecretStringTemplate: Match.stringLikeRegexp('^\\{'),
        GenerateStringKey: 'placeholder',
      },
    });
  });

  it('wake the reconcile function every hour, so that no unfinished pass waits for a day', () => {
    dev.template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      Targets: [
        { Arn: { 'Fn::GetAtt': [idOf('Reconcile'), 'Arn'] }, RetryPolicy: { MaximumRetryAttempts: 0 } },
      ],
    });
  });

  it('leave dead letters to people', () => {
    const consumed = JSON.stringify(ofType(dev, 'AWS::Lambda::EventSourceMapping'));

    expect(consumed).not.toContain('Hook0DeadLetterQueue');
  });
});

function idOf(name: string): string {
  return Object.keys(dev.resources).find((id) => new RegExp(`^Hook0${name}Function`).test(id)) ?? '';
}
