import type { ReportLine } from '../../import/run.ts';
import { oneLine } from '../shell/style.ts';

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
  return [head, ...notes.map(({ kind, text }) => `    ${kind}: ${text}`)]
    .map((line) => `${line.startsWith('    ') ? '    ' : ''}${oneLine(line).trim()}\n`)
    .join('');
}

const notChecked =
  'nothing was changed. To learn what a deployment would refuse, log in or set HOOK0_URL and HOOK0_TOKEN';

/** How an import ran: it changed something, or was a dry run with a deployment or without one. */
export type ImportMode = 'import' | 'checked' | 'offline';

export function summaryText(counts: ReadonlyMap<string, number>, mode: ImportMode): string {
  const text =
    [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ') || 'the export is empty';
  const end = { import: '', checked: '; nothing was changed', offline: `; ${notChecked}` }[mode];
  return `${text}${end}\n`;
}
