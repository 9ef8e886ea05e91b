type Schema = Readonly<Record<string, unknown>>;

/** Deeper values are left out when they are optional, so that a recursive schema ends. */
const deepest = 6;

/**
 * An example value of a JSON Schema: its own examples and defaults first, else something of its type. It does not read
 * `pattern`, `not` and `if`, so that the API may still refuse the value.
 */
export function sampleOf(schema: unknown, now: Date): unknown {
  return new Sampler(isSchema(schema) ? schema : {}, now).sample(schema, 0);
}

class Sampler {
  readonly #root: Schema;
  readonly #now: Date;

  constructor(root: Schema, now: Date) {
    this.#root = root;
    this.#now = now;
  }

  sample(given: unknown, depth: number): unknown {
    const schema = this.#resolved(given, depth);
    if (schema.const !== undefined) return schema.const;
    const [chosen] = [schema.examples, schema.enum].flatMap((list) =>
      Array.isArray(list) ? list.slice(0, 1) : [],
    );
    if (schema.example !== undefined) return schema.example;
    if (chosen !== undefined) return chosen;
    if (schema.default !== undefined) return schema.default;
    switch (typeOf(schema)) {
      case 'object':
        return this.#object(schema, depth);
      case 'array':
        return this.#array(schema, depth);
      case 'string':
        return this.#string(schema);
      case 'integer':
      case 'number':
        return numberOf(schema);
      case 'boolean':
        return true;
      default:
        return null;
    }
  }

  /** Follows `$ref`, and merges `allOf` and the first of `anyOf` and `oneOf` into the schema. */
  #resolved(given: unknown, depth: number): Schema {
    const { $ref, allOf, anyOf, oneOf, ...own } = isSchema(given) ? given : {};
    if (depth > 4 * deepest) return own;
    const parts = [
      ...(typeof $ref === 'string' ? [this.#at($ref)] : []),
      ...(Array.isArray(allOf) ? allOf : []),
      ...[anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? list.slice(0, 1) : [])),
    ];
    return parts.map((part) => this.#resolved(part, depth + 1)).reduce(merged, own);
  }

  /** What a reference within the schema names: `#/$defs/Money`. */
  #at(reference: string): unknown {
    const names = reference.split('/').slice(1);
    return names.reduce<unknown>((value, name) => {
      const key = decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~');
      return isSchema(value) ? value[key] : undefined;
    }, this.#root);
  }

  #object({ properties, required }: Schema, depth: number): Schema {
    const needed: readonly unknown[] = Array.isArray(required) ? required : [];
    const known = isSchema(properties) ? properties : {};
    const names = [...new Set([...Object.keys(known), ...needed.map(String)])];
    const used =
      depth < deepest ? names : depth < 3 * deepest ? names.filter((name) => needed.includes(name)) : [];
    return Object.fromEntries(
      used.map((name) => [name, this.sample(known[name] ?? { type: 'string' }, depth + 1)]),
    );
  }

  #array({ items, prefixItems, minItems }: Schema, depth: number): readonly unknown[] {
    const first = Array.isArray(prefixItems) ? prefixItems : [];
    const least = typeof minItems === 'number' ? minItems : 0;
    const wanted = depth < deepest && isSchema(items) ? Math.max(1, least) : least;
    const rest = Array.from({ length: Math.max(0, wanted - first.length) }, () => items);
    return [...first, ...rest].map((item) => this.sample(item, depth + 1));
  }

  #string({ format, minLength, maxLength }: Schema): string {
    const known = typeof format === 'string' ? this.#format(format) : undefined;
    if (known !== undefined) return known;
    const least = typeof minLength === 'number' ? minLength : 0;
    const most = typeof maxLength === 'number' ? maxLength : Number.POSITIVE_INFINITY;
    return 'example'.padEnd(least, 'e').slice(0, most);
  }

  #format(format: string): string | undefined {
    const iso = this.#now.toISOString();
    const formats: Readonly<Record<string, string>> = {
      'date-time': iso,
      date: iso.slice(0, 10),
      time: iso.slice(11),
      duration: 'P1D',
      email: 'person@example.com',
      hostname: 'example.com',
      ipv4: '192.0.2.1',
      ipv6: '2001:db8::1',
      uri: 'https://example.com/',
      uuid: '018f6d3c-5b0a-7c1e-9d55-3a1f0c9b7e42',
    };
    return formats[format];
  }
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function typeOf({ type, properties, required, items, prefixItems, ...rest }: Schema): unknown {
  if (Array.isArray(type)) return type.find((one) => one !== 'null') ?? 'null';
  if (type !== undefined) return type;
  if (properties !== undefined || required !== undefined) return 'object';
  if (items !== undefined || prefixItems !== undefined) return 'array';
  if (rest.minimum !== undefined || rest.maximum !== undefined) return 'number';
  return rest.minLength === undefined && rest.format === undefined ? 'object' : 'string';
}

function numberOf({ minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf }: Schema): number {
  const step = typeof multipleOf === 'number' ? multipleOf : 1;
  if (typeof minimum === 'number') return Math.ceil(minimum / step) * step;
  if (typeof exclusiveMinimum === 'number') return (Math.floor(exclusiveMinimum / step) + 1) * step;
  if (typeof maximum === 'number') return Math.min(step, Math.floor(maximum / step) * step);
  if (typeof exclusiveMaximum === 'number')
    return Math.min(step, (Math.ceil(exclusiveMaximum / step) - 1) * step);
  return step;
}

function merged(one: Schema, other: Schema): Schema {
  const lists = (name: string) =>
    [one[name], other[name]].flatMap((list) => (Array.isArray(list) ? list : []));
  return {
    ...one,
    ...other,
    ...(isSchema(one.properties) && isSchema(other.properties)
      ? { properties: { ...one.properties, ...other.properties } }
      : {}),
    ...(lists('required').length > 0 ? { required: lists('required') } : {}),
  };
}
