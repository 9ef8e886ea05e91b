import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { freezeLogicalId } from './raw-resource.ts';

export interface ConfigKeyProps {
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The key of a ConfigTable that is not left to DynamoDB's own.
 *
 * Whoever of this account may read the table may use the key, but through DynamoDB only; the functions' roles need
 * no statement about keys then.
 */
export class ConfigKey extends Construct {
  readonly keyArn: string;

  constructor(scope: Construct, id: string, props: ConfigKeyProps) {
    super(scope, id);
    const key = new Key(this, 'Key', {
      description: 'encrypts the configuration of Hook0, endpoint secrets included',
      enableKeyRotation: true,
      removalPolicy: props.removalPolicy,
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
        // In a key's own policy this is that key.
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
