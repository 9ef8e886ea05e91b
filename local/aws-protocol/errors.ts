import { localAccount } from '../template/pseudo-parameters.ts';
import { ServiceError } from './answer.ts';
import type { Service } from './call.ts';

/** SQS and Lambda answer 403, the other services 400. */
export function accessDenied(
  service: Service,
  principal: string,
  action: string,
  resource: string,
  reason: string,
): ServiceError {
  const caller = `arn:aws:sts::${localAccount}:assumed-role/${principal}`;
  const message = `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return new ServiceError(
    service === 'sqs' || service === 'lambda' ? 403 : 400,
    'com.amazon.coral.service#AccessDeniedException',
    message,
  );
}

/** The credentials name no principal. */
export function unknownPrincipal(service: Service, principal: string): ServiceError {
  const message = `The security token included in the request is invalid: no function ${principal} in the template.`;
  return service === 'sqs'
    ? new ServiceError(403, 'com.amazon.coral.service#InvalidClientTokenId', message)
    : new ServiceError(400, 'com.amazon.coral.service#UnrecognizedClientException', message);
}

/** The throttling error of each service. DynamoDB's is that of on-demand tables. */
export function throttled(service: Service): ServiceError {
  switch (service) {
    case 'sqs':
      return new ServiceError(403, 'com.amazonaws.sqs#RequestThrottled', 'Request is throttled.');
    case 'dynamodb':
    case 'dynamodbstreams':
      return new ServiceError(
        400,
        'com.amazon.coral.availability#ThrottlingException',
        'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly.',
      );
    default:
      return new ServiceError(400, 'ThrottlingException', 'Rate exceeded');
  }
}

export function unavailable(service: Service): ServiceError {
  const [status, type, message] = outages[service];
  return new ServiceError(status, type, message);
}

const dynamodbOutage = [
  500,
  'com.amazonaws.dynamodb.v20120810#InternalServerError',
  'The request could not be processed because of an internal error.',
] as const;

const outages: Readonly<Record<Service, readonly [status: number, type: string, message: string]>> = {
  sqs: [503, 'com.amazonaws.sqs#ServiceUnavailable', 'Service unavailable.'],
  dynamodb: dynamodbOutage,
  dynamodbstreams: dynamodbOutage,
  secretsmanager: [500, 'InternalServiceError', 'An error occurred on the server side.'],
  lambda: [500, 'ServiceException', 'An error occurred on the server side.'],
  kms: [500, 'KMSInternalException', 'The request could not be processed because of an internal error.'],
  events: [500, 'InternalException', 'This exception occurs due to unexpected causes.'],
};

/** For calls that the local run does not emulate. No SDK retries this error. */
export function notSupported(what: string): ServiceError {
  return new ServiceError(
    400,
    'LocalRunUnsupportedOperation',
    `the local run does not know ${what}: add it to local/aws-api/`,
  );
}
