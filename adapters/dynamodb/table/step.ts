import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { NativeAttributeValue } from '@aws-sdk/util-dynamodb';
import type { StoreError } from '#core/problem/store-errors.ts';
import { itemVersion, type Key, keyOf, toAttributes } from './table.ts';

type Values = Readonly<Record<string, NativeAttributeValue>>;

/** Must be true of the item that stands: that there is one, that there is none, or that attributes are equal. */
export type WriteCondition =
  | 'exists'
  | 'missing'
  /** None, or one that has expired at these epoch milliseconds: DynamoDB deletes expired items up to days late. */
  | { readonly missingAt: number }
  | { readonly equal: Values };

/** Changes of single attributes; others stay. */
export interface Assignments {
  /** `undefined` removes one. */
  readonly set: Values;
  /** Only where there is none yet. */
  readonly first?: Values;
  /** Numbers to add; to 0 where there is none yet. */
  readonly add?: Readonly<Record<string, number>>;
}

/** One item's part in a transaction. */
export type Step = {
  readonly key: Key;
  readonly condition?: WriteCondition;
  /** What a failed condition means. Without it, another writer was faster: read again and try again. */
  readonly refusal?: () => StoreError;
} & (
  | { readonly kind: 'put'; readonly attributes: Values }
  | ({ readonly kind: 'update' } & Assignments)
  | { readonly kind: 'delete' }
  | { readonly kind: 'check'; readonly condition: WriteCondition }
);

export function toTransactItem(step: Step, TableName: string): TransactWriteItem {
  const Key = keyOf(step.key);
  const condition = expressionOf(step.condition);
  switch (step.kind) {
    case 'put': {
      const Item = { ...Key, ...toAttributes({ v: itemVersion, ...step.attributes }) };
      return { Put: { TableName, Item, ...condition } };
    }
    case 'delete':
      return { Delete: { TableName, Key, ...condition } };
    case 'check': {
      const { ConditionExpression, ...rest } = condition;
      return { ConditionCheck: { TableName, Key, ConditionExpression, ...rest } };
    }
    case 'update':
      return { Update: { TableName, Key, ...updateOf(step, step.condition) } };
  }
}

/** The expressions of an UpdateItem under a condition. */
export function updateOf({ set, first = {}, add = {} }: Assignments, condition?: WriteCondition) {
  const values: Values = { ...set, ...first, ...add };
  const removed = Object.keys(set).filter((name) => set[name] === undefined);
  const assigned = [
    ...Object.keys(set)
      .filter((name) => set[name] !== undefined)
      .map((name) => `#${name} = :${name}`),
    ...Object.keys(first).map((name) => `#${name} = if_not_exists(#${name}, :${name})`),
  ];
  const added = Object.keys(add).map((name) => `#${name} :${name}`);
  const checked = expressionOf(condition);
  return {
    UpdateExpression: [
      ['SET', assigned] as const,
      ['REMOVE', removed.map((name) => `#${name}`)] as const,
      ['ADD', added] as const,
    ]
      .filter(([, parts]) => parts.length > 0)
      .map(([verb, parts]) => `${verb} ${parts.join(', ')}`)
      .join(' '),
    ...checked,
    ExpressionAttributeNames: {
      ...prefixed('#', values, (name) => name),
      ...checked.ExpressionAttributeNames,
    },
    ExpressionAttributeValues: {
      ...toAttributes(prefixed(':', values, (name) => values[name])),
      ...checked.ExpressionAttributeValues,
    },
  };
}

const prefixed = <T>(prefix: string, values: Values, entry: (name: string) => T): Record<string, T> =>
  Object.fromEntries(Object.keys(values).map((name) => [prefix + name, entry(name)]));

/** The expression of a condition, its names and values under `is_`, apart from those of an update. */
export function expressionOf(condition: WriteCondition | undefined) {
  if (condition === undefined) return {};
  if (condition === 'exists') return { ConditionExpression: 'attribute_exists(pk)' };
  if (condition === 'missing') return { ConditionExpression: 'attribute_not_exists(pk)' };
  if ('missingAt' in condition) {
    return {
      ConditionExpression: 'attribute_not_exists(pk) OR #is_ttl <= :is_now',
      ExpressionAttributeNames: { '#is_ttl': 'ttl' },
      ExpressionAttributeValues: toAttributes({ ':is_now': Math.floor(condition.missingAt / 1_000) }),
    };
  }
  const { equal } = condition;
  const names = Object.keys(equal);
  const present = names.filter((name) => equal[name] !== undefined);
  return {
    ConditionExpression: names
      .map((name) =>
        equal[name] === undefined ? `attribute_not_exists(#is_${name})` : `#is_${name} = :is_${name}`,
      )
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#is_${name}`, name])),
    ExpressionAttributeValues: toAttributes(
      Object.fromEntries(present.map((name) => [`:is_${name}`, equal[name]])),
    ),
  };
}
