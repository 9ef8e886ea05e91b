import type { Circuit, Endpoint, EndpointStats, TestResult } from '../../client/types.ts';
import type { Shell } from '../shell/shell.ts';
import type { Styled } from '../shell/style.ts';
import type { Column, DetailRows } from '../shell/table.ts';
import { duration, plural, second, until } from './time.ts';

/** What happens to its deliveries, which is more than the status that a person set. */
export function endpointStatus({ status, statusReason, circuit }: Endpoint, now: number): Styled {
  if (status === 'disabled') {
    return { text: statusReason === undefined ? 'disabled' : `disabled (${statusReason})`, style: 'red' };
  }
  if (status === 'paused') return { text: 'paused', style: 'yellow' };
  return circuitStatus(circuit, now) ?? { text: 'active', style: 'green' };
}

function circuitStatus({ state, failures, openUntil }: Circuit, now: number): Styled | undefined {
  if (state === 'half_open') return { text: 'circuit half-open', style: 'yellow' };
  if (state === 'open') {
    const left = until(openUntil, now);
    return { text: left === undefined ? 'circuit open' : `circuit open, probe in ${left}`, style: 'red' };
  }
  return failures === 0 ? undefined : { text: `failing (${failures} in a row)`, style: 'yellow' };
}

export const endpointColumns = (now: number): readonly Column<Endpoint>[] => [
  { heading: 'ID', cell: ({ id }) => id },
  { heading: 'STATUS', cell: (endpoint) => endpointStatus(endpoint, now) },
  { heading: 'NAME', cell: ({ name }) => name, canBeCut: true },
  { heading: 'EVENTS', cell: ({ events }) => events.join(','), canBeCut: true },
  { heading: 'URL', cell: ({ url }) => url, canBeCut: true },
];

export function endpointText(endpoint: Endpoint, shell: Shell): string {
  const { retryConfig, rateLimit, filters, metadata, headers, circuitBreaker, security } = endpoint;
  const given = (value: object) => (Object.keys(value).length === 0 ? undefined : JSON.stringify(value));
  return shell.details([
    ['Endpoint', endpoint.id],
    ['Name', endpoint.name],
    ['URL', endpoint.url],
    ['Status', endpointStatus(endpoint, shell.ports.now())],
    ['Since', second(endpoint.circuit.failingSince ?? endpoint.statusSince)],
    ['Events', endpoint.events.join(', ')],
    ['Filters', filters === null ? undefined : JSON.stringify(filters)],
    ['Timeout', duration(endpoint.timeout)],
    ['Priority', endpoint.priority],
    ['Retries', `${retryConfig.strategy}, at most ${plural(retryConfig.maxAttempts, 'attempt')}`],
    [
      'Circuit',
      circuitBreaker.enabled ? `opens after ${plural(circuitBreaker.threshold, 'failure')}` : 'never opens',
    ],
    ['Rate limit', rateLimit === null ? undefined : `${rateLimit.perSecond} a second`],
    ['Headers', given(headers)],
    ['Signature', `webhook-signature and ${security.signatureHeader}`],
    ['Metadata', given(metadata)],
    ['Application', endpoint.applicationId],
    ['Created', second(endpoint.createdAt)],
  ]);
}

export const circuitText = (circuit: Circuit, shell: Shell): string =>
  shell.details([
    ['State', circuitStatus(circuit, shell.ports.now()) ?? { text: 'closed', style: 'green' }],
    ['Failures in a row', circuit.failures],
    ['Failing since', second(circuit.failingSince)],
    ['Open until', second(circuit.openUntil)],
  ]);

export function testText({ success, eventId, eventType, attempt }: TestResult, shell: Shell): string {
  return shell.details([
    ['Result', success ? { text: 'succeeded', style: 'green' } : { text: 'failed', style: 'red' }],
    ['Answer', attempt.statusCode === undefined ? undefined : `HTTP ${attempt.statusCode}`],
    ['Error', attempt.error],
    ['Body', attempt.responseBody],
    ['Duration', duration(attempt.duration)],
    ['Event', `${eventId} (${eventType}, not stored)`],
  ]);
}

/** @param before - what is said before it */
export function statsText(
  { since, until, totals }: Pick<EndpointStats, 'since' | 'until' | 'totals'>,
  shell: Shell,
  before: DetailRows = [],
): string {
  const { settled, duration: times } = totals;
  const rate = totals.successRate === null ? undefined : `${(totals.successRate * 100).toFixed(1)} %`;
  const milliseconds = (value: number | null) => (value === null ? undefined : duration(value));
  const reasons = Object.entries(settled.deadByReason).map(([reason, count]) => `${count} ${reason}`);
  return shell.details([
    ...before,
    ['From', second(since)],
    ['Until', second(until)],
    ['Attempts', totals.attempts],
    ['Successful', rate],
    ['Failed attempts', totals.failures],
    ['Deliveries', `${settled.succeeded} succeeded, ${settled.dead} dead, ${settled.cancelled} cancelled`],
    ['Dead because', reasons.length === 0 ? undefined : reasons.join(', ')],
    ['Median', milliseconds(times.p50)],
    ['95 % within', milliseconds(times.p95)],
    ['99 % within', milliseconds(times.p99)],
    ['Last success', second(totals.lastSuccessAt)],
    ['Last failure', second(totals.lastFailureAt)],
  ]);
}
