import { CustomResource, Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IDependable } from 'constructs';
import { bootstrapVariables } from '#lambdas/bootstrap/env.ts';
import { environmentOf, type Foundation } from './function/foundation.ts';
import { createFunction } from './function/function.ts';
import { invokeStatement, secretStatement, tableStatement } from './function/permissions.ts';
import { acknowledge } from './resource/acknowledge.ts';
import { freezeLogicalId } from './resource/raw-resource.ts';
import { removalPolicyOf } from './resource/removal-policy.ts';

// The longest that Lambda offers. Rewriting the credentials of 100,000 endpoints takes some minutes.
const timeout = Duration.minutes(15);

export interface BootstrapProps extends Foundation {
  /** Encrypts and decrypts credentials. */
  readonly api: IFunction;
  /** The functions that must be able to read credentials in their new form before these are rewritten. */
  readonly readers: readonly IDependable[];
}

/** Creates the default application and the first admin token while the stack is deployed. */
export class Bootstrap extends Construct {
  /** Holds the first admin token; the ConfigTable holds only its hash. */
  readonly adminToken: Secret;

  constructor(scope: Construct, id: string, { api, readers, ...foundation }: BootstrapProps) {
    super(scope, id);
    const { settings, tables } = foundation;
    this.adminToken = new Secret(this, 'AdminToken', {
      description: 'Hook0: the first admin token, for Authorization: Bearer',
      // Clearly not a token; the bootstrap function replaces it.
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ note: 'replaced by the first admin token' }),
        generateStringKey: 'placeholder',
      },
      removalPolicy: removalPolicyOf(settings),
    });
    freezeLogicalId(this.adminToken, 'Hook0AdminToken');
    acknowledge(
      this.adminToken,
      'SMG4',
      'rotated through the API: a token is valid only together with its hash in the ConfigTable',
    );
    const handler = createFunction(this, settings, {
      name: 'bootstrap',
      description: 'Hook0 bootstrap: creates the first admin token',
      environment: environmentOf(foundation, bootstrapVariables, {
        adminTokenSecret: this.adminToken.secretArn,
        apiFunction: api.functionName,
      }),
      statements: [
        tableStatement(tables.config, ['GetItem', 'PutItem', 'ConditionCheckItem'], {
          partitionKeys: ['TOKEN#*', 'APP#*', 'VERSION#*'],
        }),
        // To revoke the token that was in the secret before.
        tableStatement(tables.config, ['Query'], { partitionKeys: ['APP#*'] }),
        tableStatement(tables.config, ['DeleteItem'], { partitionKeys: ['TOKEN#*', 'APP#*'] }),
        secretStatement(this.adminToken),
        invokeStatement(api),
      ],
      timeout,
    });
    const first = new CustomResource(this, 'FirstToken', {
      resourceType: 'Custom::Hook0FirstToken',
      serviceToken: handler.functionArn,
      // Otherwise a function that cannot start would block the deployment for an hour.
      serviceTimeout: timeout.plus(Duration.seconds(60)),
      // Another value makes the function run again: it reads the secret, and rewrites the credentials of endpoints.
      properties: {
        round: String(settings.adminTokenRound),
        credentialEncryption: settings.credentialEncryption,
      },
    });
    first.node.addDependency(...readers);
  }
}
