import type { ReportLine } from '../import/run.ts';
import type { DeadLetter, Endpoint, TestResult } from '../types.ts';

/** What became of one endpoint or event type: a line, and one more for each thing that is not as it was. */
export function reportText({
  outcome,
  what: kind,
  source,
  name,
  id,
  disabled,
  reason,
  notes,
}: ReportLine): string {
  const what = [
    outcome,
    ...(kind === 'event type' ? ['event type'] : []),
    ...(id === undefined ? [] : [id]),
    JSON.stringify(name),
    `(${source})`,
    ...(disabled ? ['disabled'] : []),
  ].join(' ');
  const head = reason === undefined ? what : `${what}: ${reason}`;
  return [head, ...notes.map(({ kind: how, text }) => `    ${how}: ${text}`)]
    .map((line) => `${line}\n`)
    .join('');
}

const notChecked =
  'nothing was changed, and no deployment was asked what it would refuse: give --url and --token for that';

/** @param trial - whether it was only a trial, and if a deployment was asked what it would refuse. */
export function summaryText(lines: readonly ReportLine[], trial: 'none' | 'checked' | 'offline'): string {
  const counts = new Map<string, number>();
  for (const { outcome } of lines) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const text =
    [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ') || 'the export is empty';
  const end = { none: '', checked: '; nothing was changed', offline: `; ${notChecked}` }[trial];
  return `${text}${end}\n`;
}

export const endpointText = ({ id, status, name, url, events }: Endpoint): string =>
  `${id} ${status.padEnd(8)} ${JSON.stringify(name)} ${url} ${events.join(',')}\n`;

export const deadLetterText = ({ id, eventId, timestamp, reason, finalError }: DeadLetter): string =>
  `${id} ${eventId} ${timestamp} ${reason ?? 'dead'}: ${finalError}\n`;

export function testText({ success, eventId, attempt }: TestResult): string {
  const { statusCode, error, duration } = attempt;
  const answer = [...(statusCode === undefined ? [] : [`HTTP ${statusCode}`]), ...(error ? [error] : [])];
  return `${success ? 'succeeded' : 'failed'} ${eventId} after ${duration} ms: ${answer.join(', ')}\n`;
}
