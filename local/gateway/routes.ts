/** A route of an HTTP API, e.g. `ANY /x/{proxy+}` or `$default`. */
export interface ApiRoute<Target> {
  readonly key: string;
  readonly target: Target;
}

export interface RouteMatch<Target> {
  readonly route: ApiRoute<Target>;
  readonly pathParameters: Readonly<Record<string, string>>;
}

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'greedy'; readonly name: string };

interface Candidate<Target> {
  readonly route: ApiRoute<Target>;
  readonly method: string;
  readonly segments: readonly Segment[];
}

/**
 * Chooses routes as API Gateway does: a full match before a greedy variable before `$default`; of these, literal segments
 * before variables and a named method before ANY.
 *
 * @throws Error for a route key that is neither `METHOD /path` nor `$default`
 */
export function routeTable<Target>(
  routes: readonly ApiRoute<Target>[],
): (method: string, path: string) => RouteMatch<Target> | undefined {
  const fallback = routes.find((route) => route.key === '$default');
  const candidates = routes
    .filter((route) => route !== fallback)
    .map(parse)
    .sort(byPrecedence);
  return (method, path) => {
    const parts = path.split('/').slice(1);
    for (const candidate of candidates) {
      if (candidate.method !== 'ANY' && candidate.method !== method) continue;
      const pathParameters = matchSegments(candidate.segments, parts);
      if (pathParameters !== undefined) return { route: candidate.route, pathParameters };
    }
    return fallback === undefined ? undefined : { route: fallback, pathParameters: {} };
  };
}

function parse<Target>(route: ApiRoute<Target>): Candidate<Target> {
  const [, method, path] = /^([A-Z]+) \/(.*)$/.exec(route.key) ?? [];
  if (method === undefined || path === undefined) {
    throw new Error(`route key ${JSON.stringify(route.key)}: expected "METHOD /path" or "$default"`);
  }
  return { route, method, segments: path.split('/').map(parseSegment) };
}

function parseSegment(text: string): Segment {
  const name = /^\{(.+?)(\+?)\}$/.exec(text);
  if (name?.[1] === undefined) return { kind: 'literal', text };
  return { kind: name[2] === '+' ? 'greedy' : 'variable', name: name[1] };
}

function matchSegments(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [i, segment] of segments.entries()) {
    const part = parts[i];
    if (part === undefined || (part === '' && segment.kind !== 'literal')) return undefined;
    if (segment.kind === 'greedy') {
      parameters[segment.name] = parts.slice(i).join('/');
      return parameters;
    }
    if (segment.kind === 'variable') parameters[segment.name] = part;
    else if (segment.text !== part) return undefined;
  }
  return segments.length === parts.length ? parameters : undefined;
}

const rank = { literal: 0, variable: 1, greedy: 2 } as const;

function byPrecedence(a: Candidate<unknown>, b: Candidate<unknown>): number {
  const isGreedy = (candidate: Candidate<unknown>) => Number(candidate.segments.at(-1)?.kind === 'greedy');
  if (isGreedy(a) !== isGreedy(b)) return isGreedy(a) - isGreedy(b);
  for (let i = 0; i < Math.max(a.segments.length, b.segments.length); i++) {
    const [left, right] = [a.segments[i], b.segments[i]];
    if (left === undefined || right === undefined) return b.segments.length - a.segments.length;
    if (left.kind !== right.kind) return rank[left.kind] - rank[right.kind];
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}
