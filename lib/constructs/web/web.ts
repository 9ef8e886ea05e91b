import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { webVariables } from '#lambdas/web/env.ts';
import { environmentOf, type Foundation } from '../function/foundation.ts';
import { createFunction } from '../function/function.ts';
import { tableStatement } from '../function/permissions.ts';
import { referenceFiles } from './reference-files.ts';

/** Serves whatever needs no token, apart from the functions that serve producers: files, the document, the health check. */
export class Web extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { settings, tables } = foundation;
    this.handler = createFunction(this, settings, {
      name: 'web',
      description: 'Hook0 web: the routes that need no token',
      files: referenceFiles,
      environment: environmentOf(foundation, webVariables, {}),
      // The health check reads one application, which every deployment has.
      statements: [tableStatement(tables.config, ['GetItem'], { partitionKeys: ['APP#default'] })],
      // A file or one read. API Gateway gives up after 30 s.
      timeout: Duration.seconds(20),
    });
  }
}
