import { CustomResource, Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { bootstrapVariables } from '#lambdas/bootstrap/env.ts';
import { acknowledge } from './acknowledge.ts';
import { functionCode } from './bundle.ts';
import { createFunction, environmentOf, type FunctionDefaults } from './function.ts';
import { secretStatement, tableStatement } from './permissions.ts';
import { freezeLogicalId } from './raw-resource.ts';
import type { Tables } from './tables.ts';

export interface BootstrapProps {
  readonly tables: Tables;
  readonly removalPolicy: RemovalPolicy;
  readonly defaults: FunctionDefaults;
  /** Another number than before makes the function look at the secret again. */
  readonly round: number;
}

const timeout = Duration.seconds(60);

/** Makes the default application and the first admin token while the stack is deployed. */
export class Bootstrap extends Construct {
  /** Holds the first admin token; the ConfigTable only knows its hash. */
  readonly adminToken: Secret;

  constructor(scope: Construct, id: string, { tables, removalPolicy, defaults, round }: BootstrapProps) {
    super(scope, id);
    this.adminToken = new Secret(this, 'AdminToken', {
      description: 'Hook0: the first admin token, for Authorization: Bearer',
      // Not a token, and seen not to be one: the bootstrap function replaces it.
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ note: 'replaced by the first admin token' }),
        generateStringKey: 'placeholder',
      },
      removalPolicy,
    });
    freezeLogicalId(this.adminToken, 'Hook0AdminToken');
    acknowledge(
      this.adminToken,
      'SMG4',
      'rotated through the API: a token is valid only together with its hash in the ConfigTable',
    );
    const handler = createFunction(this, {
      description: 'Hook0 bootstrap: makes the first admin token',
      code: functionCode('bootstrap'),
      environment: environmentOf(bootstrapVariables, {
        configTable: tables.config.tableName,
        adminTokenSecret: this.adminToken.secretArn,
      }),
      statements: [
        tableStatement(tables.config, ['GetItem', 'PutItem', 'ConditionCheckItem'], {
          partitionKeys: ['TOKEN#*', 'APP#*', 'VERSION#*'],
        }),
        // To revoke the token that stood in the secret before.
        tableStatement(tables.config, ['Query'], { partitionKeys: ['APP#*'] }),
        tableStatement(tables.config, ['DeleteItem'], { partitionKeys: ['TOKEN#*', 'APP#*'] }),
        secretStatement(this.adminToken),
      ],
      timeout,
      defaults,
    });
    new CustomResource(this, 'FirstToken', {
      resourceType: 'Custom::Hook0FirstToken',
      serviceToken: handler.functionArn,
      // Without it a function that cannot start would hold the deployment for an hour.
      serviceTimeout: timeout.plus(Duration.seconds(60)),
      properties: { round: String(round) },
    });
  }
}
