import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { createApp } from '#lib/hook0-app.ts';
import type { Hook0Stack } from '#lib/hook0-stack.ts';
import cdkJson from '../../cdk.json' with { type: 'json' };

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly { readonly ruleName: string }[];
    readonly suppressedViolations?: readonly {
      readonly acknowledgedId: string;
      readonly acknowledgedAt: string;
    }[];
  }[];
}

export interface Synthesized {
  readonly app: App;
  readonly stack: Hook0Stack;
  readonly template: Template;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly report: Report;
}

/** The app as `cdk synth` makes it, but without bundling, on which the template does not depend. */
export function unsynthesized(context: Readonly<Record<string, unknown>> = {}) {
  const outdir = mkdtempSync(join(tmpdir(), 'hook0-constructs-'));
  const created = createApp({
    outdir,
    analyticsReporting: false,
    // `npm run synth` checks the template by CloudFormation's rules. Doing it here too would double the time of these tests.
    builtinCloudFormationValidation: false,
    context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [], ...context },
  });
  return { ...created, outdir };
}

const cache = new Map<string, Synthesized>();

/** Synthesizes once per context and test file. */
export function synthesized(context: Readonly<Record<string, unknown>> = {}): Synthesized {
  const key = JSON.stringify(context);
  const known = cache.get(key);
  if (known) return known;
  const { app, stack, outdir } = unsynthesized(context);
  try {
    app.synth();
    const json = JSON.parse(readFileSync(join(outdir, stack.templateFile), 'utf8'));
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    const result = { app, stack, template: Template.fromJSON(json), resources: json.Resources, report };
    cache.set(key, result);
    return result;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The functions of a template by the name of the construct that makes them. */
export function functionsOf({ resources }: Synthesized): Readonly<Record<string, Resource>> {
  return byConstruct(resources, 'AWS::Lambda::Function', 'Function');
}

/** The roles of a template's functions, by the same names. */
export function rolesOf({ resources }: Synthesized): Readonly<Record<string, Resource>> {
  return byConstruct(resources, 'AWS::IAM::Role', 'Role');
}

/** The resources of a type, with their logical ids. */
export function ofType({ resources }: Synthesized, type: string): [string, Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

function byConstruct(resources: Synthesized['resources'], type: string, suffix: string) {
  const name = new RegExp(`^Hook0(.+)${suffix}[0-9A-F]{8}$`);
  return Object.fromEntries(
    Object.entries(resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([id, resource]) => [name.exec(id)?.[1] ?? id, resource]),
  );
}
