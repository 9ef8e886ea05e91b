import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Settings } from '../../settings/settings.ts';
import { freezeLogicalId } from '../resource/raw-resource.ts';
import { removalPolicyOf } from '../resource/removal-policy.ts';

/**
 * The customer-managed key of the ConfigTable.
 *
 * Every principal of this account may use the key, but only through DynamoDB, that is with a permission for the table.
 * So the functions' roles need no statement about the key.
 */
export class ConfigKey extends Construct {
  readonly keyArn: string;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      description: 'encrypts the configuration of Hook0, including the secrets of endpoints',
      enableKeyRotation: true,
      removalPolicy: removalPolicyOf(settings),
    });
    freezeLogicalId(key, 'Hook0ConfigKey');
    const { account, region } = Stack.of(this);
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ThroughDynamoDb',
        principals: [new AnyPrincipal()],
        actions: [
          'kms:CreateGrant',
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:GenerateDataKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        // In the policy of a key, this means the key.
        resources: ['*'],
        conditions: {
          StringEquals: {
            'kms:CallerAccount': account,
            'kms:ViaService': `dynamodb.${region}.amazonaws.com`,
          },
        },
      }),
    );
    this.keyArn = key.keyArn;
  }
}
