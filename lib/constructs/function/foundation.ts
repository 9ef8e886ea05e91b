import { Aws } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Settings } from '../../settings/settings.ts';
import type { Queues } from '../queues.ts';
import type { Tables } from '../tables/tables.ts';

/** What every function of a deployment builds on. */
export interface Foundation {
  readonly settings: Settings;
  readonly tables: Tables;
  readonly queues: Queues;
  readonly bus: IEventBus;
  /** Wraps the data keys of applications. Undefined while credentials are not encrypted. */
  readonly credentialKey: IKey | undefined;
}

/** Values of environment variables that mean the same in every function. */
function sharedValues({ settings, tables, queues, bus, credentialKey }: Foundation) {
  return {
    deployment: Aws.STACK_NAME,
    version: packageJson.version,
    retentionDays: String(settings.retentionDays),
    ipv6: String(settings.ipv6),
    configTable: tables.config.tableName,
    eventTable: tables.events.tableName,
    bus: bus.eventBusName,
    credentialsKey: credentialKey?.keyArn ?? 'none',
    encryption: settings.credentialEncryption,
    highQueue: queues.high.queueUrl,
    normalQueue: queues.normal.queueUrl,
    lowQueue: queues.low.queueUrl,
    retryQueue: queues.retry.queueUrl,
    slowQueue: queues.slow.queueUrl,
    fanOutQueue: queues.fanOut.queueUrl,
    redriveQueue: queues.redrive.queueUrl,
    deadLetterQueue: queues.deadLetter.queueUrl,
    quarantineQueue: queues.quarantine.queueUrl,
  };
}

type SharedValues = ReturnType<typeof sharedValues>;

/**
 * The environment of a function: exactly the variables that its env.ts names.
 *
 * @param own the values of the variables that not every function has
 */
export function environmentOf<Names extends Readonly<Record<string, string>>>(
  foundation: Foundation,
  names: Names,
  own: Readonly<Record<Exclude<keyof Names, keyof SharedValues>, string>>,
): Record<string, string> {
  const values: Readonly<Record<string, string>> = { ...sharedValues(foundation), ...own };
  return Object.fromEntries(
    Object.entries(names).flatMap(([key, variable]) => {
      const value = values[key];
      return value === undefined ? [] : [[variable, value]];
    }),
  );
}
