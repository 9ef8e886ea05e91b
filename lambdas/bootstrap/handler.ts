import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { readEnvironment } from '#adapters/lambda/environment.ts';
import { hasTimeIn } from '#adapters/lambda/has-time.ts';
import { createLogger, errorFields } from '#adapters/telemetry/telemetry.ts';
import { answerCloudFormation } from './cloudformation.ts';
import { bootstrapVariables } from './env.ts';
import { bootstrap } from './first-token.ts';
import { buildServices } from './services.ts';
import { sweepAllCredentials } from './sweep-credentials.ts';
import { untilAllowed } from './until-allowed.ts';

const services = buildServices(readEnvironment(bootstrapVariables, process.env));
const logger = createLogger('bootstrap');
// One invocation of the api function, and the answer to CloudFormation.
const sweepReserve = 40_000;

/** Always answers CloudFormation, because a custom resource without an answer holds the deployment for an hour. */
export async function handler(event: CloudFormationCustomResourceEvent, context: Context): Promise<void> {
  try {
    // When the stack is removed, the policies of its tables and its secret decide what stays.
    if (event.RequestType !== 'Delete') {
      await untilAllowed(() => bootstrap(services), services.sleep);
    }
    // A new deployment has no endpoints.
    if (event.RequestType === 'Update') {
      await sweepAllCredentials({ ...services, hasTime: hasTimeIn(context, sweepReserve) });
    }
    await answerCloudFormation(event, { status: 'SUCCESS' });
  } catch (error) {
    logger.error('bootstrap failed', errorFields(error));
    await answerCloudFormation(event, {
      status: 'FAILED',
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}
