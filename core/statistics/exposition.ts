import type { Family, Sample } from './metrics.ts';

export type Format = 'text' | 'openmetrics';

/** The Content-Type of each format. */
export const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/**
 * Metrics in Prometheus's text format 0.0.4 or in OpenMetrics 1.0.
 *
 * @param notes comments before the metrics, in the text format only, because OpenMetrics has no comments
 */
export function exposition(
  families: readonly Family[],
  format: Format,
  notes: readonly string[] = [],
): string {
  const lines = format === 'text' ? notes.map((note) => `# ${note}`) : [];
  for (const { name, type, help, samples } of families) {
    // OpenMetrics describes the family, the text format the samples.
    const described = type === 'counter' && format === 'text' ? `${name}_total` : name;
    lines.push(`# HELP ${described} ${help}`, `# TYPE ${described} ${type}`);
    lines.push(...samples.map((sample) => sampleLine(name, sample)));
  }
  if (format === 'openmetrics') lines.push('# EOF');
  return lines.map((line) => `${line}\n`).join('');
}

/** The format that an Accept header prefers (RFC 9110, section 12.5.1); the text format if it prefers neither. */
export function preferredFormat(accept: string | undefined): Format {
  const quality = { text: 0, openmetrics: 0 };
  for (const range of (accept ?? '').split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const given = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length);
    const q = given === undefined ? 1 : Number(given) || 0;
    if (name === 'application/openmetrics-text') quality.openmetrics = Math.max(quality.openmetrics, q);
    if (['text/plain', 'text/*', '*/*'].includes(name)) quality.text = Math.max(quality.text, q);
  }
  return quality.openmetrics > quality.text ? 'openmetrics' : 'text';
}

function sampleLine(name: string, { suffix, labels, value }: Sample): string {
  const texts = labels.map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${suffix}{${texts.join(',')}} ${value}`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };
const escaped = (text: string): string =>
  text.replaceAll(/[\\"\n]/g, (character) => escapes[character] ?? character);
