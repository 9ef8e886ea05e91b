import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { isProduction, type Settings } from '../../settings/settings.ts';
import { freezeLogicalId, rawResource } from '../resource/raw-resource.ts';
import { ConfigKey } from './config-key.ts';

const keys = {
  partitionKey: { name: 'pk', type: AttributeType.STRING },
  sortKey: { name: 'sk', type: AttributeType.STRING },
  timeToLiveAttribute: 'ttl',
} as const;

/** The two tables: ConfigTable, small and irreplaceable, and EventTable, large and expiring. */
export class Tables extends Construct {
  /** The index of the deliveries that need attention: due, held and dead. */
  static readonly attentionIndex = 'attention';

  readonly config: TableV2;
  readonly events: TableV2;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const production = isProduction(settings);
    const protection = {
      deletionProtection: production,
      // A protected table cannot be removed, so a first deployment that fails could not be rolled back either.
      removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    };
    const recovery = (enabled: boolean) => ({
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: enabled },
    });
    this.config = new TableV2(this, 'Config', {
      ...keys,
      ...protection,
      ...recovery(true),
      billing: Billing.onDemand(),
      encryption: settings.customerManagedKey
        ? TableEncryptionV2.awsManagedKey()
        : TableEncryptionV2.dynamoOwnedKey(),
    });
    this.events = new TableV2(this, 'Events', {
      ...keys,
      ...protection,
      ...recovery(production),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      // Rollup compares both images to see what is new.
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
    if (settings.customerManagedKey) this.useKey(new ConfigKey(this, 'Key', settings));
  }

  private useKey(key: ConfigKey): void {
    // TableV2 takes a key only in a stack whose region is known at synthesis, which ours need not be.
    rawResource(this.config).addPropertyOverride('Replicas.0.SSESpecification', {
      KMSMasterKeyId: key.keyArn,
    });
  }
}
