import type { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { ConfigKey } from './config-key.ts';
import { freezeLogicalId, rawResource } from './raw-resource.ts';

export interface TablesProps {
  /** RETAIN also protects against deletion and keeps point-in-time recovery of events. */
  readonly production: boolean;
  readonly removalPolicy: RemovalPolicy;
  /** Encrypts the ConfigTable, which holds endpoint secrets, with a key of this account. */
  readonly customerManagedKey: boolean;
}

const keys = {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  sortKey: { name: 'sk', type: AttributeType.STRING },
  timeToLiveAttribute: 'ttl',
} as const;

/** The two tables: small, precious configuration and large, expiring events. */
export class Tables extends Construct {
  /** The index of everything that is not simply delivered: due, held and dead. */
  static readonly attentionIndex = 'attention';

  readonly config: TableV2;
  readonly events: TableV2;

  constructor(scope: Construct, id: string, props: TablesProps) {
    super(scope, id);
    const protection = { deletionProtection: props.production, removalPolicy: props.removalPolicy };
    const recovery = (enabled: boolean) => ({
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: enabled },
    });
    this.config = new TableV2(this, 'Config', {
      ...keys,
      ...protection,
      ...recovery(true),
      billing: Billing.onDemand(),
      encryption: props.customerManagedKey
        ? TableEncryptionV2.awsManagedKey()
        : TableEncryptionV2.dynamoOwnedKey(),
    });
    this.events = new TableV2(this, 'Events', {
      ...keys,
      ...protection,
      ...recovery(props.production),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      // What is new of an item is what its old image has not.
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      globalSecondaryIndexes: [
        {
          indexName: Tables.attentionIndex,
          partitionKey: { name: 'attentionKey', type: AttributeType.STRING },
          sortKey: { name: 'attentionAt', type: AttributeType.NUMBER },
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: ['status'],
        },
      ],
    });
    freezeLogicalId(this.config, 'Hook0ConfigTable');
    freezeLogicalId(this.events, 'Hook0EventTable');
    if (props.customerManagedKey) this.useOwnKey(props.removalPolicy);
  }

  private useOwnKey(removalPolicy: RemovalPolicy): void {
    const key = new ConfigKey(this, 'Key', { removalPolicy });
    // TableV2 takes a key only in a stack whose region is known at synth. Ours need not say where they go.
    rawResource(this.config).addPropertyOverride('Replicas.0.SSESpecification', {
      KMSMasterKeyId: key.keyArn,
    });
  }
}
