import type { WriteStream } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { ownFile } from '../files/own-file.ts';
import { isObject, type JsonObject } from '../json/json.ts';
import { type MetricStore, recordEmf } from './metrics.ts';

export interface LogLine {
  /** Epoch milliseconds. */
  readonly time: number;
  /** Logical id of the function, or the name of a part of the local run. */
  readonly source: string;
  readonly text: string;
  /** The parsed text when it is a JSON object. */
  readonly record?: JsonObject | undefined;
}

export interface LogSink {
  write(source: string, text: string): void;
  /** The newest lines, oldest first. @param source only of this source. @default - of all */
  lines(source?: string): readonly LogLine[];
  close(): Promise<void>;
}

export interface LogOptions {
  readonly metrics: MetricStore;
  /** Appends every line to this file. @default - memory only */
  readonly file?: string | undefined;
  /** Called with every line. */
  readonly onLine?: ((line: LogLine) => void) | undefined;
}

/** Whether the logger of a function wrote the line as an error. */
export const isError = ({ record }: LogLine): boolean => record?.level === 'ERROR';

/** Lines in memory: enough to explain a failed test or the last minutes of a run. */
const kept = 20_000;

/** Collects the output of functions, and the metrics in it that have the embedded metric format. */
export function logSink(options: LogOptions): LogSink {
  let lines: LogLine[] = [];
  const file: WriteStream | undefined =
    options.file === undefined ? undefined : createWriteStream(ownFile(options.file), { flags: 'a' });
  return {
    write: (source, text) => {
      const line: LogLine = { time: Date.now(), source, text, record: parse(text) };
      if (line.record?._aws !== undefined) recordEmf(line.record, options.metrics);
      lines.push(line);
      if (lines.length > kept * 1.25) lines = lines.slice(-kept);
      file?.write(`${new Date(line.time).toISOString()} ${source} ${text}\n`);
      options.onLine?.(line);
    },
    lines: (source) =>
      (source === undefined ? lines : lines.filter((line) => line.source === source)).slice(-kept),
    close: async () => {
      if (file !== undefined) await new Promise<void>((resolve) => file.end(resolve));
    },
  };
}

function parse(text: string): JsonObject | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
