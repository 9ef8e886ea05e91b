import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

export type CustomResourceResult =
  | { readonly status: 'SUCCESS' }
  | { readonly status: 'FAILED'; readonly reason: string };

const physicalId = 'hook0-first-token';

/**
 * Tells CloudFormation how a request to a custom resource ended, by a PUT of JSON to the presigned URL of the event
 * (CloudFormation user guide, "Custom resource response objects"; at most 4 KB).
 *
 * @throws Error when CloudFormation refuses it
 */
export async function answerCloudFormation(
  event: CloudFormationCustomResourceEvent,
  result: CustomResourceResult,
): Promise<void> {
  const body = JSON.stringify({
    Status: result.status,
    Reason: result.status === 'FAILED' ? result.reason.slice(0, 1_000) : undefined,
    PhysicalResourceId: physicalId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  });
  // The signature of the URL covers an empty content-type.
  const response = await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
  if (!response.ok) throw new Error(`CloudFormation refused the answer with status ${response.status}`);
}
