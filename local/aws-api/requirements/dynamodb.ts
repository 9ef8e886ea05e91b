import type { AwsCall } from '../../aws-protocol/call.ts';
import type { AuthorizationRequest } from '../../iam/evaluate.ts';
import { asList, asObject, asText, isObject, type JsonObject } from '../../json/json.ts';
import { arnOf } from '../../template/names.ts';
import { attributeNames } from './attributes.ts';
import { requestContext, type ServiceKeys } from './context.ts';
import { keyText, queryKeyText } from './leading-keys.ts';

/** The name of the partition key of a table or of one of its indexes; undefined when there is no such table. */
export type PartitionKeyOf = (table: string, index?: string) => string | undefined;

/** Actions on a table as a whole. */
const tableActions = new Set([
  'CreateTable',
  'DeleteTable',
  'DescribeContinuousBackups',
  'DescribeTable',
  'DescribeTimeToLive',
  'UpdateContinuousBackups',
  'UpdateTable',
  'UpdateTimeToLive',
]);

/** The tables whose partition keys `dynamodbRequirements` needs. */
export function tablesOf(call: AwsCall): readonly string[] {
  const { RequestItems, TableName, TransactItems } = call.input;
  if (isObject(RequestItems)) return Object.keys(RequestItems).map(tableName);
  if (TransactItems !== undefined) {
    return asList(TransactItems).flatMap((item) => Object.values(asObject(item)).map(tableOf));
  }
  return TableName === undefined || tableActions.has(call.action) ? [] : [tableOf(call.input)];
}

/**
 * The permissions that AWS checks for a DynamoDB call. Undefined for an action that the local run does not know.
 *
 * A batch needs its own action once per table, a transaction the action of each item. A read of an index names the
 * index. A call without a single partition, like Scan, has no dynamodb:LeadingKeys. A `ForAllValues:` condition on that
 * key then holds, on AWS too, so such a statement must not list Scan.
 */
export function dynamodbRequirements(
  call: AwsCall,
  partitionKeyOf: PartitionKeyOf,
): readonly AuthorizationRequest[] | undefined {
  const { input, principal } = call;
  const ask = (action: string, resource: string, keys: ServiceKeys): AuthorizationRequest => ({
    action: `dynamodb:${action}`,
    resource,
    context: requestContext(principal, keys),
  });
  if (tableActions.has(call.action)) return [ask(call.action, tableArn(tableOf(input)), {})];

  switch (call.action) {
    case 'ListTables':
      return [ask('ListTables', '*', {})];
    case 'GetItem':
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [itemRequest(call.action, input, {})];
    case 'Query':
    case 'Scan': {
      const index = asText(input.IndexName);
      const table = tableOf(input);
      const resource = index === undefined ? tableArn(table) : `${tableArn(table)}/index/${index}`;
      const leading = () => list(queryKeyText(input, partitionKeyOf(table, index)));
      return [
        ask(call.action, resource, {
          ...commonKeys(input),
          'dynamodb:leadingkeys': call.action === 'Query' ? leading : () => undefined,
          'dynamodb:select': () => [selectOf(input)],
        }),
      ];
    }
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.entries(asObject(input.RequestItems)).map(([name, request]) =>
        batchRequest(name, request),
      );
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return asList(input.TransactItems).flatMap((item) =>
        Object.entries(asObject(item)).map(([kind, operation]) =>
          itemRequest(kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`, operation, {
            'dynamodb:enclosingoperation': () => [call.action],
          }),
        ),
      );
    default:
      return undefined;
  }

  function itemRequest(action: string, operation: unknown, extra: ServiceKeys): AuthorizationRequest {
    const own = asObject(operation);
    const table = tableOf(own);
    const reads = action === 'GetItem' || action === 'ConditionCheckItem';
    return ask(action, tableArn(table), {
      ...commonKeys(own),
      ...extra,
      'dynamodb:leadingkeys': () => list(keyText(own.Key ?? own.Item, partitionKeyOf(table))),
      'dynamodb:select': () => (action === 'GetItem' ? [selectOf(own)] : undefined),
      'dynamodb:returnvalues': () => (reads ? undefined : [asText(own.ReturnValues) ?? 'NONE']),
    });
  }

  function batchRequest(name: string, request: unknown): AuthorizationRequest {
    const table = tableName(name);
    const reads = asObject(request);
    const items = isObject(request) ? asList(request.Keys) : asList(request).flatMap(writtenItem);
    return ask(call.action, tableArn(table), {
      ...commonKeys(isObject(request) ? reads : { Keys: items }),
      'dynamodb:leadingkeys': () => {
        const key = partitionKeyOf(table);
        const texts = items.flatMap((item) => keyText(item, key) ?? []);
        return texts.length === 0 ? undefined : texts;
      },
      'dynamodb:select': () => (call.action === 'BatchGetItem' ? [selectOf(reads)] : undefined),
    });
  }
}

function commonKeys(input: JsonObject): ServiceKeys {
  return {
    'dynamodb:attributes': () => attributeNames(input),
    'dynamodb:returnvalues': () => list(asText(input.ReturnValues)),
    'dynamodb:returnconsumedcapacity': () => list(asText(input.ReturnConsumedCapacity)),
  };
}

function selectOf(input: JsonObject): string {
  const projects = input.ProjectionExpression !== undefined || input.AttributesToGet !== undefined;
  const whole = input.IndexName === undefined ? 'ALL_ATTRIBUTES' : 'ALL_PROJECTED_ATTRIBUTES';
  return asText(input.Select) ?? (projects ? 'SPECIFIC_ATTRIBUTES' : whole);
}

function writtenItem(request: unknown): readonly unknown[] {
  if (!isObject(request)) return [];
  const { DeleteRequest, PutRequest } = request;
  if (isObject(PutRequest)) return [PutRequest.Item];
  return isObject(DeleteRequest) ? [DeleteRequest.Key] : [];
}

function list(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value];
}

const tableOf = (operation: unknown): string => tableName(asText(asObject(operation).TableName) ?? '');

// Every API accepts a table's ARN in place of its name.
function tableName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split(':table/')[1] ?? nameOrArn) : nameOrArn;
}

const tableArn = (table: string): string => arnOf('dynamodb', `table/${table}`);
