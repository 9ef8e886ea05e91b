/** How one setting is read. `accepts` completes the sentence "pass …"; `meaning` is its row in docs/settings.md. */
export interface Rule<Value> {
  readonly fallback: Value;
  readonly accepts: string;
  readonly example: string;
  readonly meaning: string;
  parse(value: unknown): Parsed<Value>;
}

/** A value, or nothing: the caller knows the setting's name and says what would have been accepted. */
export type Parsed<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false };

const refused = { ok: false } as const;

function accepted<Value>(value: Value): Parsed<Value> {
  return { ok: true, value };
}

// The CDK hands over what follows `-c name=` as text and what cdk.json holds as JSON.
function toNumber(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : Number.NaN;
}

/** A whole number between two bounds, both included. */
export function wholeNumber(min: number, max: number, fallback: number, meaning: string): Rule<number> {
  return {
    fallback,
    accepts: `a whole number from ${min} to ${max}`,
    example: String(fallback),
    meaning,
    parse: (value) => {
      const number = toNumber(value);
      return Number.isInteger(number) && number >= min && number <= max ? accepted(number) : refused;
    },
  };
}

/** A setting that may be left out; the rule's own fallback is only its example. */
export function optional<Value>(rule: Rule<Value>): Rule<Value | undefined> {
  return { ...rule, fallback: undefined };
}

/** One of a list of whole numbers. */
export function oneOf(choices: readonly number[], fallback: number, meaning: string): Rule<number> {
  return {
    fallback,
    accepts: `one of ${choices.join(', ')}`,
    example: String(fallback),
    meaning,
    parse: (value) => {
      const number = toNumber(value);
      return choices.includes(number) ? accepted(number) : refused;
    },
  };
}

/** true or false. */
export function flag(fallback: boolean, meaning: string): Rule<boolean> {
  return {
    fallback,
    accepts: '`true` or `false`',
    example: String(!fallback),
    meaning,
    parse: (value) => {
      if (value === true || value === 'true') return accepted(true);
      return value === false || value === 'false' ? accepted(false) : refused;
    },
  };
}

/** An e-mail address, or nothing. Only its shape is checked: the subscription's confirmation proves the rest. */
export function address(meaning: string): Rule<string | undefined> {
  return {
    fallback: undefined,
    accepts: 'an e-mail address',
    example: 'oncall@your-company.example',
    meaning,
    parse: (value) =>
      typeof value === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? accepted(value) : refused,
  };
}

// Far more than products have, and few enough to be read.
const mostOrigins = 20;

/** Origins of web pages, or nothing. A list in cdk.json, text between commas on the command line. */
export function origins(meaning: string): Rule<readonly string[] | undefined> {
  return {
    fallback: undefined,
    accepts: `1 to ${mostOrigins} origins as browsers send them, separated by commas: \`https://\`, or \`http://\` on a loopback host; no path, no \`*\``,
    example: 'https://app.example,https://admin.example',
    meaning,
    parse: (value) => {
      const given: unknown = typeof value === 'string' ? value.split(',').map((text) => text.trim()) : value;
      if (!Array.isArray(given) || given.length === 0 || given.length > mostOrigins) return refused;
      return given.every(isOrigin) ? accepted([...new Set(given)]) : refused;
    },
  };
}

function isOrigin(value: unknown): value is string {
  // An asterisk may stand in a host by the rules for URLs; API Gateway would take it for any origin.
  if (typeof value !== 'string' || value.includes('*') || !URL.canParse(value)) return false;
  const { origin, protocol, hostname } = new URL(value);
  // Over plain http anybody between reads the token, but nobody is between a machine and itself.
  const isLoopback = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  return value === origin && (protocol === 'https:' || (protocol === 'http:' && isLoopback));
}

/** A stage; `production` and `prod` are one stage, so that nobody deploys it twice. */
export function stageName(fallback: string, meaning: string): Rule<string> {
  return {
    fallback,
    accepts: 'up to 20 lower-case letters, digits and dashes, a letter first',
    example: 'prod',
    meaning,
    parse: (value) => {
      if (typeof value !== 'string' || !/^[a-z][a-z0-9-]{0,19}$/.test(value)) return refused;
      return accepted(value === 'production' ? 'prod' : value);
    },
  };
}
