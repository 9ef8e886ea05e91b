import { type Operation, shapes } from '../generated/operations.ts';
import { ApiError, UnexpectedAnswerError } from './errors.ts';

/** An answer whose body was read. */
export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
}

/**
 * What the answer holds: the parsed body, its text for an operation that answers text, or undefined without a body.
 *
 * Only a documented status with a body of the documented shape is a success, because a proxy or a sign-in page may
 * answer 200 to a request that never reached the API.
 *
 * @param statuses - those that are a success for this call
 * @throws ApiError for a status that means an error, and UnexpectedAnswerError for anything else
 */
export function contentOf(
  request: string,
  { answers }: Operation,
  statuses: readonly number[],
  answer: Answer,
): unknown {
  const { status, text } = answer;
  if (status >= 400) throw new ApiError(request, status, parsed(text), descriptionOf(answer));
  const shape = statuses.includes(status) ? answers[status] : undefined;
  if (shape === undefined) {
    throw unexpected(request, answer, `expected the status ${statuses.join(' or ')}`);
  }
  if (shape === '') return undefined;
  if (shape === 'text') {
    if (typeOf(answer) === 'text/plain' && text !== '') return text;
    throw unexpected(request, answer, 'expected text/plain with a body');
  }
  const body = parsed(text);
  const difference = differenceFrom(shape, body, 'the body');
  if (difference !== undefined) throw unexpected(request, answer, difference);
  return body;
}

/** Says how a value differs from a shape, or undefined when it does not. */
function differenceFrom(shape: string, value: unknown, where: string): string | undefined {
  if (!isObject(value)) return `${where} is not a JSON object`;
  for (const [name, kinds] of Object.entries(shapes[shape] ?? {})) {
    const differences = kinds
      .split('|')
      .map((kind) => memberDifference(kind, value[name], `${where}.${name}`));
    if (!differences.includes(undefined)) return differences[0];
  }
  return undefined;
}

function memberDifference(kind: string, value: unknown, where: string): string | undefined {
  if (kind.endsWith('[]')) {
    if (!Array.isArray(value)) return `${where} is not a list`;
    return value
      .map((item, index) => differenceFrom(kind.slice(0, -2), item, `${where}[${index}]`))
      .find((one) => one !== undefined);
  }
  if (kind in shapes) return differenceFrom(kind, value, where);
  return kindOf(value) === kind || String(value) === kind ? undefined : `${where} is not ${kind}`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => kindOf(value) === 'object';

function unexpected(request: string, answer: Answer, why: string): UnexpectedAnswerError {
  const message = `the answer does not come from the API of Hook0, because ${why}: ${descriptionOf(answer)}`;
  return new UnexpectedAnswerError(request, answer.status, message);
}

const longestExcerpt = 100;

/** What answered, for a person who looks for the proxy. */
function descriptionOf(answer: Answer): string {
  const { status, headers, text } = answer;
  const server = headers.get('server');
  const location = headers.get('location');
  const excerpt = text
    .slice(0, longestExcerpt)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const who = [
    `${status} ${typeOf(answer) || 'without a content-type'}`,
    ...(server === null ? [] : [`from ${server}`]),
    ...(location === null ? [] : [`to ${location}`]),
  ];
  const what = excerpt === '' ? 'an empty body' : `${excerpt}${text.length > longestExcerpt ? '…' : ''}`;
  return `${who.join(' ')}: ${what}`;
}

const typeOf = ({ headers }: Answer): string => headers.get('content-type')?.split(';')[0]?.trim() ?? '';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
