import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

export type Answer = { readonly status: 'SUCCESS' } | { readonly status: 'FAILED'; readonly reason: string };

const physicalId = 'hook0-first-token';

/**
 * Tells CloudFormation how a custom resource's request ended: a PUT of JSON to the event's presigned URL
 * (CloudFormation user guide, "Custom resource response objects"; at most 4 KB).
 *
 * @throws Error when the answer is not taken
 */
export async function answerCloudFormation(
  event: CloudFormationCustomResourceEvent,
  answer: Answer,
): Promise<void> {
  const body = JSON.stringify({
    Status: answer.status,
    ...(answer.status === 'FAILED' ? { Reason: answer.reason.slice(0, 1_000) } : {}),
    PhysicalResourceId: physicalId,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
  });
  // The signature of the URL covers an empty content-type.
  const response = await fetch(event.ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
  if (!response.ok) throw new Error(`CloudFormation refused the answer with status ${response.status}`);
}
