import type { Token } from '../../client/types.ts';
import { Hook0Error } from '../../errors.ts';
import { duration, second } from '../views/time.ts';

export interface CheckResult {
  readonly check: 'address' | 'clock' | 'token' | 'event';
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly detail: string;
}

/** Milliseconds. Receivers refuse webhooks whose time differs by five minutes. */
const badSkew = 60_000;
const oddSkew = 5_000;
/** Milliseconds. */
const week = 7 * 86_400_000;

/** An answer to `GET /health`, and when it was asked for and came. */
export interface HealthAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly sentAt: number;
  readonly receivedAt: number;
}

/** @throws Hook0Error that says what answered in place of Hook0 */
function healthOf({ status, body }: HealthAnswer): {
  readonly version: string;
  readonly timestamp: string;
} {
  if (isHealth(body)) return body;
  throw new Hook0Error(`something else than Hook0 answered: HTTP ${status}`);
}

export function addressCheck(url: string, answer: HealthAnswer): CheckResult {
  const { version } = healthOf(answer);
  const took = duration(answer.receivedAt - answer.sentAt);
  if (answer.status === 200)
    return { check: 'address', status: 'ok', detail: `${url}, version ${version}, in ${took}` };
  const detail = `${url} says that it is unhealthy: a service that every request needs is unavailable`;
  return { check: 'address', status: 'failed', detail };
}

/** Compares this machine's clock with that of the deployment, in the middle of the request. */
export function clockCheck(answer: HealthAnswer): CheckResult {
  const skew = (answer.sentAt + answer.receivedAt) / 2 - Date.parse(healthOf(answer).timestamp);
  const apart = `this machine is ${duration(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} the deployment`;
  if (Math.abs(skew) < oddSkew) return { check: 'clock', status: 'ok', detail: 'the same here and there' };
  if (Math.abs(skew) < badSkew) return { check: 'clock', status: 'warning', detail: apart };
  return {
    check: 'clock',
    status: 'failed',
    detail: `${apart}: verification of webhooks fails here; set the clock`,
  };
}

export function tokenCheck(token: Token, grants: string, now: number): CheckResult {
  const where = token.applicationId === '*' ? 'all applications' : `the application ${token.applicationId}`;
  const detail = `${token.name} (${token.id}) may ${grants} in ${where}`;
  const end = token.expiresAt;
  if (end === undefined || Date.parse(end) - now > week) return { check: 'token', status: 'ok', detail };
  return { check: 'token', status: 'warning', detail: `${detail}, until ${second(end)}` };
}

function isHealth(body: unknown): body is { readonly version: string; readonly timestamp: string } {
  if (typeof body !== 'object' || body === null || !('status' in body)) return false;
  if (!('version' in body && 'timestamp' in body)) return false;
  return (
    (body.status === 'healthy' || body.status === 'unhealthy') &&
    typeof body.version === 'string' &&
    typeof body.timestamp === 'string'
  );
}
