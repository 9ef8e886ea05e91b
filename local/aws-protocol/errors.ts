import { localAccount } from '../template/pseudo-parameters.ts';
import { ServiceError } from './answer.ts';
import type { Service } from './call.ts';

/** What the caller is called in AWS's messages. */
export function callerArn(principal: string): string {
  return `arn:aws:sts::${localAccount}:assumed-role/${principal}`;
}

/** SQS and Lambda answer 403 here, the others 400; the type is the same. */
export function accessDenied(
  service: Service,
  principal: string,
  action: string,
  resource: string,
  reason: string,
): ServiceError {
  const message = `User: ${callerArn(principal)} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return new ServiceError(
    service === 'sqs' || service === 'lambda' ? 403 : 400,
    'com.amazon.coral.service#AccessDeniedException',
    message,
  );
}

/** Credentials that AWS has never seen. */
export function unknownPrincipal(service: Service, principal: string): ServiceError {
  const message = `The security token included in the request is invalid: no function ${principal} in the template.`;
  return service === 'sqs'
    ? new ServiceError(403, 'com.amazon.coral.service#InvalidClientTokenId', message)
    : new ServiceError(400, 'com.amazon.coral.service#UnrecognizedClientException', message);
}

/** DynamoDB's is the error of on-demand tables. */
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
  switch (service) {
    case 'sqs':
      return new ServiceError(503, 'com.amazonaws.sqs#ServiceUnavailable', 'Service unavailable.');
    case 'dynamodb':
    case 'dynamodbstreams':
      return new ServiceError(
        500,
        'com.amazonaws.dynamodb.v20120810#InternalServerError',
        'The request could not be processed because of an internal error.',
      );
    case 'secretsmanager':
      return new ServiceError(500, 'InternalServiceError', 'An error occurred on the server side.');
    case 'lambda':
      return new ServiceError(500, 'ServiceException', 'An error occurred on the server side.');
    case 'events':
      return new ServiceError(500, 'InternalException', 'This exception occurs due to unexpected causes.');
  }
}

/** For calls that the local run does not play: loud, and not an error that any SDK retries. */
export function notSupported(what: string): ServiceError {
  return new ServiceError(
    400,
    'LocalRunUnsupportedOperation',
    `the local run does not know ${what}; teach local/proxy/ about it, or do not call it`,
  );
}
