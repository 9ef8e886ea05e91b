import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { attentionIndex } from '#adapters/dynamodb/watchdog/watchdog-index.ts';
import { ofType, synthesized } from './synthesized.ts';

const dev = synthesized();
const production = synthesized({ stage: 'production', customerManagedKey: true });

describe('tables', () => {
  it('keep their logical ids, because CloudFormation empties a table that it renames', () => {
    expect(ofType(dev, 'AWS::DynamoDB::GlobalTable').map(([id]) => id)).toEqual([
      'Hook0ConfigTable',
      'Hook0EventTable',
    ]);
    expect(ofType(dev, 'AWS::SecretsManager::Secret').map(([id]) => id)).toEqual(['Hook0AdminToken']);
    expect(ofType(production, 'AWS::KMS::Key').map(([id]) => id)).toEqual([
      'Hook0ConfigKey',
      'Hook0CredentialKey',
    ]);
  });

  it('are on demand, keyed by pk and sk, and expire by ttl', () => {
    for (const [, { Properties }] of ofType(dev, 'AWS::DynamoDB::GlobalTable')) {
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      });
      expect(Properties.TableName).toBeUndefined();
    }
  });

  it('have one index, with keys and status only, for deliveries that need attention', () => {
    expect(dev.resources.Hook0ConfigTable?.Properties.GlobalSecondaryIndexes).toBeUndefined();
    expect(dev.resources.Hook0EventTable?.Properties).toMatchObject({
      AttributeDefinitions: expect.arrayContaining([
        { AttributeName: 'attentionKey', AttributeType: 'S' },
        { AttributeName: 'attentionAt', AttributeType: 'N' },
      ]),
      GlobalSecondaryIndexes: [
        {
          IndexName: attentionIndex,
          KeySchema: [
            { AttributeName: 'attentionKey', KeyType: 'HASH' },
            { AttributeName: 'attentionAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status'] },
        },
      ],
    });
  });
});

describe('stages', () => {
  const replica = (protection: boolean, recovery: boolean) =>
    Match.objectLike({
      Replicas: [
        Match.objectLike({
          DeletionProtectionEnabled: protection,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: recovery },
        }),
      ],
    });

  it('recover configuration in every stage, events in production', () => {
    dev.template.resourcePropertiesCountIs('AWS::DynamoDB::GlobalTable', replica(false, true), 1);
    dev.template.resourcePropertiesCountIs('AWS::DynamoDB::GlobalTable', replica(false, false), 1);
    production.template.resourcePropertiesCountIs('AWS::DynamoDB::GlobalTable', replica(true, true), 2);
  });

  const holdsData =
    /^AWS::(DynamoDB::GlobalTable|SQS::Queue|SecretsManager::Secret|KMS::Key|Logs::LogGroup)$/;

  it.each([
    ['dev', dev, 'Delete', 'Delete'],
    ['production', production, 'Retain', 'RetainExceptOnCreate'],
  ])('in %s the removal of the stack treats all data alike', (_, { resources }, policy, ofOthers) => {
    const data = Object.values(resources).filter(({ Type }) => holdsData.test(Type));

    expect(data.length).toBeGreaterThan(20);
    for (const resource of data) {
      const isTable = resource.Type === 'AWS::DynamoDB::GlobalTable';
      expect(resource).toMatchObject({
        // A first deployment that fails leaves nothing behind but protected tables.
        DeletionPolicy: isTable ? policy : ofOthers,
        UpdateReplacePolicy: policy,
      });
    }
  });

  it('have a stack each', () => {
    expect([dev, production].map(({ stack }) => stack.stackName)).toEqual(['Hook0-dev', 'Hook0-prod']);
    expect([dev, production].map(({ stack }) => stack.terminationProtection)).toEqual([false, true]);
  });
});

describe('a customer-managed key', () => {
  it('encrypts the ConfigTable and rotates', () => {
    expect(production.resources.Hook0ConfigTable?.Properties).toMatchObject({
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
      Replicas: [{ SSESpecification: { KMSMasterKeyId: { 'Fn::GetAtt': ['Hook0ConfigKey', 'Arn'] } } }],
    });
    production.template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
    expect(ofType(dev, 'AWS::KMS::Key').map(([id]) => id)).toEqual(['Hook0CredentialKey']);
  });

  it('can be used only by this account and only through DynamoDB', () => {
    production.template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'ThroughDynamoDb',
            Condition: {
              StringEquals: {
                'kms:CallerAccount': { Ref: 'AWS::AccountId' },
                'kms:ViaService': {
                  'Fn::Join': ['', ['dynamodb.', { Ref: 'AWS::Region' }, '.amazonaws.com']],
                },
              },
            },
          }),
        ]),
      },
    });
  });
});

describe('the key of credentials', () => {
  it('rotates, and may be used only for an application', () => {
    const { KeyPolicy, EnableKeyRotation } = dev.resources.Hook0CredentialKey?.Properties ?? {};
    const { Statement } = KeyPolicy as {
      Statement: { Action: string[]; Condition?: object; Principal: object }[];
    };

    expect(EnableKeyRotation).toBe(true);
    expect(Statement.at(-1)).toMatchObject({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Condition: { Null: { 'kms:EncryptionContext:application': 'false' } },
    });
    // No other statement allows a cryptographic operation, by a wildcard either.
    const operations = ['Encrypt', 'Decrypt', 'GenerateDataKey', 'ReEncryptTo', 'CreateGrant'];
    for (const { Action } of Statement.slice(0, -1)) {
      const allowed = operations.filter((operation) =>
        Action.some((pattern) =>
          pattern.endsWith('*')
            ? `kms:${operation}`.startsWith(pattern.slice(0, -1))
            : pattern === `kms:${operation}`,
        ),
      );
      expect(allowed).toEqual([]);
    }
  });

  it('is kept in production', () => {
    expect(production.resources.Hook0CredentialKey?.DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  it.each([
    ['on', 1],
    ['ending', 1],
    ['off', 0],
  ])('with credentialEncryption=%s, there are %d', (credentialEncryption, count) => {
    synthesized({ credentialEncryption }).template.resourceCountIs('AWS::KMS::Key', count);
  });
});
