import type { AcceptedEvent, DeadLetter, Endpoint, TestResult } from '../client/types.ts';
import type { ReportLine } from '../import/run.ts';

export const acceptedText = ({ eventId, webhookCount }: AcceptedEvent): string =>
  `${eventId} to ${webhookCount} endpoint${webhookCount === 1 ? '' : 's'}\n`;

/** One line about an endpoint or event type, and one more line for each note. */
export function reportText({ outcome, what, source, name, id, disabled, reason, notes }: ReportLine): string {
  const words = [
    outcome,
    ...(what === 'event type' ? [what] : []),
    ...(id === undefined ? [] : [id]),
    JSON.stringify(name),
    `(${source})`,
    ...(disabled ? ['disabled'] : []),
  ];
  const head = words.join(' ') + (reason === undefined ? '' : `: ${reason}`);
  return [head, ...notes.map(({ kind, text }) => `    ${kind}: ${text}`)].map((line) => `${line}\n`).join('');
}

const notChecked = 'nothing was changed. To learn what a deployment would refuse, use --url and --token';

/** How an import ran: it changed something, or was a dry run with a deployment or without one. */
export type ImportMode = 'import' | 'checked' | 'offline';

export function summaryText(lines: readonly ReportLine[], mode: ImportMode): string {
  const counts = new Map<string, number>();
  for (const { outcome } of lines) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const text =
    [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ') || 'the export is empty';
  const end = { import: '', checked: '; nothing was changed', offline: `; ${notChecked}` }[mode];
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
