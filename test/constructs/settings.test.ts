import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSettings, settingsFromContext } from '#lib/settings/parse-settings.ts';
import { isProduction } from '#lib/settings/settings.ts';
import { propsSource, withSettingsTable } from '#lib/settings/settings-documents.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const document = read('docs/settings.md');

describe('settings', () => {
  it('have these defaults', () => {
    expect(parseSettings({})).toEqual({
      stage: 'dev',
      retentionDays: 30,
      alarmEmail: undefined,
      customerManagedKey: false,
      credentialEncryption: 'on',
      logRetentionDays: 30,
      apiRateLimit: 1000,
      apiBurstLimit: 1000,
      corsOrigins: undefined,
      ipv6: false,
      ownHosts: undefined,
      allowOwnHosts: false,
      highConcurrency: 50,
      normalConcurrency: 100,
      lowConcurrency: 20,
      retryConcurrency: 50,
      slowConcurrency: 20,
      fanOutConcurrency: 10,
      tasksConcurrency: 5,
      ingestConcurrency: undefined,
      apiConcurrency: undefined,
      deliverBatchSize: 10,
      fanOutBatchSize: 1,
      tasksBatchSize: 10,
      lowBatchWindow: 0,
      rollupBatchWindow: 60,
      memorySize: 512,
      memory: undefined,
      shortestRetryDelay: 1_000,
      allowCircuitOff: false,
      endpointLimit: 1_000,
      eventTypeLimit: 10_000,
      eventRateLimit: 1_000,
      dailyByteLimit: 10_000_000_000,
      requestRateLimit: 50,
      adminTokenRound: 1,
    });
  });

  it('are read from the command line and from cdk.json', () => {
    const fromCommandLine = {
      stage: 'prod',
      retentionDays: '90',
      customerManagedKey: 'true',
      memorySize: '1024',
      memory: '{"deliver": 256}',
    };
    const fromFile = {
      stage: 'prod',
      retentionDays: 90,
      customerManagedKey: true,
      memorySize: 1024,
      memory: { deliver: 256 },
    };

    expect(parseSettings(fromCommandLine)).toEqual(parseSettings(fromFile));
  });

  it('take production and prod for the same stage', () => {
    const stages = ['production', 'prod', 'dev', 'preprod'].map((stage) => parseSettings({ stage }));

    expect(stages.map(({ stage }) => stage)).toEqual(['prod', 'prod', 'dev', 'preprod']);
    expect(stages.map(isProduction)).toEqual([true, true, false, false]);
  });

  it('take origins as a list and as text with commas', () => {
    const corsOrigins = ['https://app.example', 'http://localhost:5173', 'http://[::1]:8080'];
    const text = `${corsOrigins.join(', ')},https://app.example`;

    expect(parseSettings({ corsOrigins: text }).corsOrigins).toEqual(corsOrigins);
    expect(parseSettings({ corsOrigins }).corsOrigins).toEqual(corsOrigins);
  });

  it.each([
    '*',
    'https://*',
    'https://*.app.example',
    '',
    'https://app.example,',
    'app.example',
    'https://app.example/',
    'https://app.example/portal',
    'https://app.example:443',
    'https://App.example',
    'https://me@app.example',
    'http://app.example',
    'http://localhost.app.example',
    'null',
    'file:///index.html',
    [],
    [5],
  ])('refuse %j as origins of pages', (corsOrigins) => {
    expect(() => parseSettings({ corsOrigins })).toThrow(
      'pass 1 to 20 origins as browsers send them, separated by commas',
    );
  });

  it('take twenty origins and no more', () => {
    const corsOrigins = Array.from({ length: 21 }, (_, i) => `https://app${i}.example`);

    expect(parseSettings({ corsOrigins: corsOrigins.slice(1) }).corsOrigins).toHaveLength(20);
    expect(() => parseSettings({ corsOrigins })).toThrow('invalid corsOrigins');
  });

  it.each([
    [{ stage: 'Prod!' }, "invalid stage 'Prod!': pass up to 20 lower-case letters, digits and dashes"],
    [{ stage: '1st' }, "invalid stage '1st': pass up to 20 lower-case letters"],
    [{ retentionDays: '0' }, "invalid retentionDays '0': pass a whole number from 1 to 365"],
    [{ retentionDays: 366 }, 'invalid retentionDays 366: pass a whole number from 1 to 365'],
    [{ retentionDays: '1e1' }, "invalid retentionDays '1e1': pass a whole number"],
    [{ retentionDays: 1.5 }, 'invalid retentionDays 1.5: pass a whole number'],
    [{ retentionDays: '' }, "invalid retentionDays '': pass a whole number"],
    [{ alarmEmail: 'oncall' }, "invalid alarmEmail 'oncall': pass an e-mail address"],
    [{ customerManagedKey: 'yes' }, "invalid customerManagedKey 'yes': pass `true` or `false`"],
    [{ logRetentionDays: 31 }, 'invalid logRetentionDays 31: pass one of 1, 3, 5, 7, 14, 30'],
    [{ apiRateLimit: '0' }, "invalid apiRateLimit '0': pass a whole number from 1 to 10000"],
    [{ apiBurstLimit: 5001 }, 'invalid apiBurstLimit 5001: pass a whole number from 1 to 5000'],
    [{ slowConcurrency: 1 }, 'invalid slowConcurrency 1: pass a whole number from 2 to 1000'],
    [{ ingestConcurrency: '0' }, "invalid ingestConcurrency '0': pass a whole number from 1 to 1000"],
    [{ tasksConcurrency: 1001 }, 'invalid tasksConcurrency 1001: pass a whole number from 2 to 1000'],
    [{ deliverBatchSize: 11 }, 'invalid deliverBatchSize 11: pass a whole number from 1 to 10'],
    [{ fanOutBatchSize: 0 }, 'invalid fanOutBatchSize 0: pass a whole number from 1 to 10'],
    [{ lowBatchWindow: 61 }, 'invalid lowBatchWindow 61: pass a whole number from 0 to 60'],
    [
      { memory: 512 },
      'invalid memory 512: pass whole numbers from 256 to 10240 by function (ingest, fan-out',
    ],
    [
      { memory: 'deliver=512' },
      "invalid memory 'deliver=512': pass whole numbers from 256 to 10240 by function",
    ],
    [
      { memory: '{"deliver": 128}' },
      `invalid memory '{"deliver": 128}': pass whole numbers from 256 to 10240`,
    ],
    [{ memory: { delivery: 512 } }, 'invalid memory {"delivery":512}: pass whole numbers from 256 to 10240'],
    [{ memorySize: null }, 'invalid memorySize null: pass a whole number from 256 to 10240'],
    [{ memorySize: ['512'] }, 'invalid memorySize ["512"]: pass a whole number from 256 to 10240'],
    [{ vpc: 'yes' }, "unknown setting 'vpc': the settings are stage, retentionDays, alarmEmail,"],
    [{ toString: 'yes' }, "unknown setting 'toString': the settings are stage,"],
  ])('refuse %j', (given, message) => {
    expect(() => parseSettings(given)).toThrow(message);
  });

  it('name every problem in one error', () => {
    const parse = () => parseSettings({ stage: '', retentionDays: 0, memorysize: 512 });

    expect(parse).toThrow(/unknown setting 'memorysize'.*\ninvalid stage ''.*\ninvalid retentionDays 0/);
  });

  it('ignore the context of the CDK itself', () => {
    const context = {
      'aws:cdk:toolkit': 'x',
      '@aws-cdk/core:flag': true,
      'availability-zones:account=1': [],
      stage: 'prod',
    };

    expect(settingsFromContext(context)).toEqual(parseSettings({ stage: 'prod' }));
    expect(() => settingsFromContext({ ...context, stages: 'prod' })).toThrow("unknown setting 'stages'");
  });

  it('are documented; `npm run settings` writes the documentation', () => {
    expect(withSettingsTable(document)).toBe(document);
    expect(propsSource()).toBe(read('lib/hook0-props.ts'));
  });

  it('have concurrencies that add up to the number in the document', () => {
    const quarantine = 2;
    const concurrencies = Object.entries(parseSettings({})).flatMap(([name, value]) =>
      name.endsWith('Concurrency') && typeof value === 'number' ? value : [],
    );
    const sum = concurrencies.reduce((total, value) => total + value, quarantine);
    expect(document).toContain(`The default concurrencies add up to ${sum} functions at once`);
  });
});
