import { createRequire } from 'node:module';
import { afterEach, expect, it } from 'vitest';
import packageJson from '../../../../package.json' with { type: 'json' };

const require = createRequire(import.meta.url);

/** The program that Swagger UI's dependency runs after an installation, as far as it is used here. */
interface Report {
  getDependencyInfo: () => Promise<object>;
  tmpFileName: () => string;
  reportPostInstall(): Promise<unknown>;
}

const report: Report = require('@scarf/scarf/report.js');
const { SCARF_ANALYTICS, SCARF_NO_ANALYTICS, DO_NOT_TRACK, CI } = process.env;

afterEach(() => {
  for (const [name, value] of Object.entries({ SCARF_ANALYTICS, SCARF_NO_ANALYTICS, DO_NOT_TRACK, CI }))
    if (value !== undefined) process.env[name] = value;
});

it('an installation reports nothing, whatever npm does with install scripts', async () => {
  for (const name of ['SCARF_ANALYTICS', 'SCARF_NO_ANALYTICS', 'DO_NOT_TRACK', 'CI'])
    delete process.env[name];
  report.getDependencyInfo = async () => ({
    parent: { name: 'swagger-ui-dist', version: '5', scarfSettings: { defaultOptIn: true } },
    rootPackage: packageJson,
  });

  await expect(report.reportPostInstall()).rejects.toThrow('User has opted out');
  expect(packageJson.allowScripts['@scarf/scarf']).toBe(false);
});
