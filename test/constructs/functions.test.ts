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
import { webVariables } from '#lambdas/web/env.ts';
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
  Web: webVariables,
  Scheduler: schedulerVariables,
  Tasks: tasksVariables,
  Quarantine: quarantineVariables,
  Reconcile: reconcileVariables,
  Rollup: rollupVariables,
  Bootstrap: bootstrapVariables,
};

describe('functions', () => {
  it('are exactly these; the CDK adds none', () => {
    expect(Object.keys(functions)).toEqual(Object.keys(variables));
  });

  it.each(Object.entries(variables))(
    '%s gets exactly the environment that its env.ts names',
    (name, names) => {
      expect(Object.keys(environment(name)).sort()).toEqual(Object.values<string>(names).sort());
    },
  );

  it('have variables that refer to the resource of the same name', () => {
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

  it('refuse endpoints at the API itself, under all its names, unless an operator allows them', () => {
    const own = (settings: Parameters<typeof synthesized>[0]) =>
      environment('Api', functionsOf(synthesized(settings)));
    expect(own({ ownHosts: 'hooks.example.com,cdn.example.com' })).toMatchObject({
      HOOK0_OWN_HOSTS: {
        'Fn::Join': [
          '',
          [
            { 'Fn::GetAtt': [expect.stringMatching(/^Hook0HttpApi/), 'ApiEndpoint'] },
            ',hooks.example.com,cdn.example.com',
          ],
        ],
      },
      HOOK0_OWN_TARGETS: 'refuse',
    });
    expect(own({ allowOwnHosts: true }).HOOK0_OWN_TARGETS).toBe('allow');
  });

  it('know the shortest delay, and whether tokens of applications may turn circuits off', () => {
    const all = functionsOf(synthesized({ shortestRetryDelay: 250, allowCircuitOff: true }));
    expect(environment('DeliverRetry', all).HOOK0_SHORTEST_RETRY_DELAY).toBe('250');
    expect(environment('DeliverRetry').HOOK0_SHORTEST_RETRY_DELAY).toBe('1000');
    expect(environment('Api', all).HOOK0_CIRCUIT_OFF).toBe('allow');
    expect(environment('Api').HOOK0_CIRCUIT_OFF).toBe('refuse');
  });

  it('limit the routes of an application by the smallest function that holds them', () => {
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

  it('all run Node 24 on arm64 with JSON logs in their own group, without tracing or reserved concurrency', () => {
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

  it('have the memory and the reserve that the settings give them, and wake themselves only where they must', () => {
    const given = synthesized({
      memorySize: 300,
      memory: {
        ingest: 301,
        deliver: 302,
        'fan-out': 303,
        api: 304,
        scheduler: 305,
        tasks: 306,
        reconcile: 307,
        rollup: 308,
        quarantine: 309,
      },
      ingestConcurrency: 90,
      apiConcurrency: 20,
    });
    const found = Object.entries(functionsOf(given)).map(([name, { Properties }]) => [
      name,
      Properties.MemorySize,
      Properties.ReservedConcurrentExecutions,
      Properties.RecursiveLoop,
    ]);

    expect(found).toEqual([
      ['Ingest', 301, 90, undefined],
      ['FanOut', 303, undefined, 'Allow'],
      ['DeliverHigh', 302, undefined, 'Allow'],
      ['DeliverNormal', 302, undefined, 'Allow'],
      ['DeliverLow', 302, undefined, 'Allow'],
      ['DeliverRetry', 302, undefined, 'Allow'],
      ['DeliverSlow', 302, undefined, 'Allow'],
      ['Api', 304, 20, undefined],
      ['Web', 300, undefined, undefined],
      ['Scheduler', 305, undefined, undefined],
      ['Tasks', 306, undefined, 'Allow'],
      ['Quarantine', 309, undefined, undefined],
      ['Reconcile', 307, undefined, undefined],
      ['Rollup', 308, undefined, undefined],
      ['Bootstrap', 300, undefined, undefined],
    ]);
  });

  it('have one code for all deliver functions', () => {
    const codes = Object.keys(variables).map((name) => JSON.stringify(properties(name).Code));

    expect(new Set(codes.slice(2, 7)).size).toBe(1);
    expect(new Set(codes).size).toBe(11);
  });
});

describe('triggers', () => {
  it.each([
    ['Scheduler', 'rate(1 minute)', 60],
    // Hourly, so that a run that was interrupted does not wait for the next day.
    ['Reconcile', 'rate(1 hour)', 3_600],
  ])('wake %s at %s, and repeat no run that failed or was throttled', (name, schedule, age) => {
    dev.template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: idOf(name) },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: age,
    });
    dev.template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: schedule,
      State: 'ENABLED',
      Targets: [{ Arn: { 'Fn::GetAtt': [idOf(name), 'Arn'] }, RetryPolicy: { MaximumRetryAttempts: 0 } }],
    });
  });

  it('create the first token during the deployment, without the provider framework of the CDK', () => {
    dev.template.hasResourceProperties('Custom::Hook0FirstToken', {
      ServiceToken: { 'Fn::GetAtt': [idOf('Bootstrap'), 'Arn'] },
      ServiceTimeout: '960',
    });
  });

  it('start with a placeholder in the secret that is clearly not a token: an object', () => {
    dev.template.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: {
        SecretStringTemplate: Match.stringLikeRegexp('^\\{'),
        GenerateStringKey: 'placeholder',
      },
    });
  });

  it('consume no dead letters, which are for operators', () => {
    const consumed = JSON.stringify(ofType(dev, 'AWS::Lambda::EventSourceMapping'));

    expect(consumed).not.toContain('Hook0DeadLetterQueue');
  });
});

function idOf(name: string): string {
  return Object.keys(dev.resources).find((id) => new RegExp(`^Hook0${name}Function`).test(id)) ?? '';
}
