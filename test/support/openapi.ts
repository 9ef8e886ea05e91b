import Ajv2020 from 'ajv/dist/2020.js';
import { valueAt } from '#core/validation/path.ts';
import { currentDocument } from '#openapi/committed.ts';
import { responseHeaders } from '#openapi/headers.ts';

/** A request and its answer. */
export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly requestBody: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The API answered something that is not in its document. */
export class Undocumented extends Error {
  override readonly name = 'Undocumented';

  constructor({ method, path, status, body }: Exchange, why: string) {
    super(
      `${method} ${path} answered ${status}, which is not in the OpenAPI document: ${why}\n${body.slice(0, 500)}`,
    );
  }
}

interface Content {
  readonly content?: Readonly<Record<string, object>>;
}

interface Described {
  readonly operationId: string;
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, DescribedResponse | { readonly $ref: string }>>;
}

interface DescribedResponse extends Content {
  readonly headers: Readonly<Record<string, { readonly required?: boolean }>>;
}

const document = currentDocument();
const ajv = new Ajv2020.default({
  strict: false,
  validateSchema: false,
  formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/ },
});
ajv.addSchema(document, 'openapi');

const templates = Object.keys(document.paths)
  .map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
  }))
  // A literal path goes before one with a parameter, as in the router.
  .sort((a, b) => a.path.split('{').length - b.path.split('{').length);

const checked = new Set<string>();

/** The operations whose answers were checked so far in this process, as `operationId status`. */
export const checkedAnswers = (): ReadonlySet<string> => checked;

/**
 * Compares an answer with the document: status, headers, media type and body, in which nothing may be unknown. It also
 * compares the request if it succeeded, because the document must not refuse what the API accepts.
 *
 * @throws Undocumented
 */
export function checkExchange(exchange: Exchange): void {
  const { method, path, status, headers } = exchange;
  const template = templates.find(({ pattern }) => pattern.test(path))?.path;
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  const operation =
    template === undefined ? undefined : (document.paths[template]?.[verb] as Described | undefined);
  if (template === undefined || operation === undefined) {
    checkStray(exchange, template !== undefined);
    return;
  }
  const at = ['paths', template, verb];
  const declared = operation.responses[status];
  const place =
    declared !== undefined && '$ref' in declared
      ? declared.$ref.split('/').slice(1)
      : [...at, 'responses', String(status)];
  const response = valueAt(document, place) as DescribedResponse | undefined;
  if (response === undefined) throw new Undocumented(exchange, `${operation.operationId} has no such status`);
  for (const name of Object.keys(responseHeaders)) {
    if (name in headers && !(name in response.headers))
      throw new Undocumented(exchange, `it has no header ${name}`);
    if (response.headers[name]?.required && !(name in headers))
      throw new Undocumented(exchange, `${name} is missing`);
  }
  if (method !== 'HEAD') checkBody(exchange, response, place);
  if (status < 300) checkRequest(exchange, operation, at);
  checked.add(`${operation.operationId} ${status}`);
}

function checkBody(exchange: Exchange, { content }: Content, at: readonly string[]): void {
  const { body, headers } = exchange;
  const type = headers['content-type'];
  if (content === undefined) {
    if (body !== '') throw new Undocumented(exchange, 'it has no body');
    return;
  }
  const range = Object.keys(content).find((one) => one === type || one === '*/*');
  if (range === undefined) throw new Undocumented(exchange, `it has no media type ${type}`);
  const isJson = range.endsWith('json');
  validate(exchange, isJson ? JSON.parse(body) : body, [...at, 'content', range, 'schema'], 'the answer');
}

function checkRequest(exchange: Exchange, { requestBody }: Described, at: readonly string[]): void {
  if (requestBody === undefined || exchange.requestBody.trim() === '') return;
  // A batch with invalid events is accepted, because each event has its own result.
  if (exchange.body.includes('"success":false')) return;
  const pointer = [...at, 'requestBody', 'content', 'application/json', 'schema'];
  validate(exchange, JSON.parse(exchange.requestBody), pointer, 'the accepted request');
}

/** Checks answers to OPTIONS, to other methods, and to unknown paths. */
function checkStray(exchange: Exchange, isPath: boolean): void {
  const { method, status, body } = exchange;
  if (method === 'OPTIONS' && status === 204) return;
  if (body === '' && method === 'HEAD' && status === 404) return;
  const problem = JSON.parse(body);
  validate(exchange, problem, ['components', 'schemas', 'Problem'], 'the answer');
  const expected = isPath ? ['method_not_allowed'] : ['route_not_found', 'method_not_allowed'];
  if (!expected.includes(problem.code)) throw new Undocumented(exchange, 'it has no such operation');
}

function validate(exchange: Exchange, value: unknown, pointer: readonly string[], what: string): void {
  const path = pointer
    .map((one) => encodeURIComponent(one.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const $ref = `openapi#/${path}`;
  const check = ajv.getSchema($ref) ?? ajv.compile({ $ref });
  if (check(value)) return;
  const errors = check.errors?.map(
    ({ instancePath, message, params }) =>
      `${what} at ${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
  );
  throw new Undocumented(exchange, errors?.join('; ') ?? '');
}
