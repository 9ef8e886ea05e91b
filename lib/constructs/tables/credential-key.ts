import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Settings } from '../../settings/settings.ts';
import { freezeLogicalId } from '../resource/raw-resource.ts';
import { removalPolicyOf } from '../resource/removal-policy.ts';

/** The context that every use of the key names: the application whose data key is made or unwrapped. */
const withApplication = { Null: { 'kms:EncryptionContext:application': 'false' } };

/**
 * The key that wraps the data keys of applications, which encrypt signing secrets and headers of endpoints.
 *
 * The account may administer the key. It may use it only for an application, and only where a role allows that too: those
 * of deliver and api.
 */
export class CredentialKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const account = [new AccountRootPrincipal()];
    // In the policy of a key, this means the key.
    const resources = ['*'];
    this.key = new Key(this, 'Key', {
      description: 'wraps the keys that encrypt the credentials of Hook0 endpoints',
      enableKeyRotation: true,
      removalPolicy: removalPolicyOf(settings),
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'Administration',
            principals: account,
            actions: [
              ...['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:Put*', 'kms:Update*', 'kms:Enable*'],
              ...['kms:Disable*', 'kms:Delete*', 'kms:Revoke*', 'kms:TagResource', 'kms:UntagResource'],
              ...['kms:ScheduleKeyDeletion', 'kms:CancelKeyDeletion', 'kms:RotateKeyOnDemand'],
            ],
            resources,
          }),
          new PolicyStatement({
            sid: 'UseForAnApplication',
            principals: account,
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources,
            conditions: withApplication,
          }),
        ],
      }),
    });
    freezeLogicalId(this.key, 'Hook0CredentialKey');
  }
}
