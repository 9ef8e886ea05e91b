import type { LogLine } from '#local/lambda/logs.ts';

/** Writes errors for somebody who watches a terminal; the whole record is for the log. */
export interface ErrorLines {
  /** A line of text at once; those that say the same within ten seconds are counted in one. */
  tell(line: LogLine): void;
  /** Writes what has been counted so far. */
  flush(): void;
}

const countedForMs = 10_000;
/** Some errors quote what they could not read. */
const longest = 300;

/** @param write takes text that ends with a line feed */
export function errorLines(write: (text: string) => void): ErrorLines {
  const repeated = new Map<
    string,
    { more: number; readonly since: number; readonly timer: NodeJS.Timeout }
  >();
  const open = (text: string): void => {
    const timer = setTimeout(() => {
      // What still repeats goes on being counted; its first line has been seen.
      if (close(text)) open(text);
    }, countedForMs).unref();
    repeated.set(text, { more: 0, since: Date.now(), timer });
  };
  const close = (text: string): boolean => {
    const counted = repeated.get(text);
    repeated.delete(text);
    if (counted === undefined) return false;
    clearTimeout(counted.timer);
    if (counted.more === 0) return false;
    const seconds = Math.max(1, Math.round((Date.now() - counted.since) / 1000));
    write(`${text} … ${counted.more} more in the last ${seconds} s\n`);
    return true;
  };
  return {
    tell: (line) => {
      const text = textOf(line);
      const counted = repeated.get(text);
      if (counted !== undefined) {
        counted.more += 1;
        return;
      }
      write(`${text}${requestOf(line)}\n`);
      open(text);
    },
    flush: () => {
      for (const text of [...repeated.keys()]) close(text);
    },
  };
}

/** What happened, without what only one occurrence has: ids, times, stacks. */
function textOf({ source, text, record = {} }: LogLine): string {
  const said = [record.message, record.part, record.reason, record.errorMessage].filter(
    (value) => typeof value === 'string' && value !== '',
  );
  const what = (said.length === 0 ? text : said.join(': ')).replaceAll(/\s+/g, ' ');
  return `${functionName(source)}: ${what.length > longest ? `${what.slice(0, longest)}…` : what}`;
}

/** Answers name a request by its id: here is where it is found again. */
function requestOf({ record }: LogLine): string {
  return typeof record?.requestId === 'string' ? ` (request ${record.requestId})` : '';
}

/** `Hook0DeliverSlowFunction04FA3825`, as CloudFormation knows it, is `DeliverSlow` to everybody else. */
function functionName(logicalId: string): string {
  return /^Hook0(\w+?)Function[0-9A-F]{8}$/.exec(logicalId)?.[1] ?? logicalId;
}
