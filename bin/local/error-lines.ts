import type { LogLine } from '#local/lambda/logs.ts';

/** Errors of the same text are written once in this time; the log has each of them. */
const quietMs = 10_000;
/** Some errors quote what they could not read. */
const longest = 300;
/** Beyond it the texts are forgotten, so that a long run does not collect them. */
const mostTexts = 1_000;

/**
 * Writes the errors that functions log as one short line each, for a terminal.
 *
 * @param write takes text that ends with a line feed
 */
export function errorLines(write: (text: string) => void, now = Date.now): (line: LogLine) => void {
  const written = new Map<string, { readonly at: number; more: number }>();
  return (line) => {
    const text = textOf(line);
    const before = written.get(text);
    if (before !== undefined && now() < before.at + quietMs) {
      before.more += 1;
      return;
    }
    const repeated = before === undefined || before.more === 0 ? '' : ` (${before.more} more in between)`;
    write(`${text}${requestOf(line)}${repeated}\n`);
    if (written.size >= mostTexts) written.clear();
    written.set(text, { at: now(), more: 0 });
  };
}

/** What happened, without what differs between occurrences: ids, times, stacks. */
function textOf({ source, text, record = {} }: LogLine): string {
  const parts = [record.message, record.part, record.reason, record.errorMessage].filter(
    (value) => typeof value === 'string' && value !== '',
  );
  const what = (parts.length === 0 ? text : parts.join(': ')).replaceAll(/\s+/g, ' ');
  return `${functionName(source)}: ${what.length > longest ? `${what.slice(0, longest)}…` : what}`;
}

/** An answer of the API names its request by this id. */
function requestOf({ record }: LogLine): string {
  return typeof record?.requestId === 'string' ? ` (request ${record.requestId})` : '';
}

/** `DeliverSlow` for the logical id `Hook0DeliverSlowFunction04FA3825`. */
function functionName(logicalId: string): string {
  return /^Hook0(\w+?)Function[0-9A-F]{8}$/.exec(logicalId)?.[1] ?? logicalId;
}
