import { splitList } from './cors-origins.ts';
import { type DescribedSetting, describeSettings } from './describe-settings.ts';
import { type Settings, settingsSchema } from './settings.ts';

/**
 * Fills in defaults and checks every value, text (`-c name=value`) as well as typed.
 *
 * @throws Error with a line for every unknown name and every wrong value, each with what was received and is accepted.
 */
export function parseSettings(given: Readonly<Record<string, unknown>>): Settings {
  const settings = describeSettings();
  const known = settings.flatMap((setting) => {
    const value = given[setting.name];
    return [[setting.name, typeof value === 'string' ? fromText(value, setting.type) : value]];
  });
  const result = settingsSchema.safeParse({ ...given, ...Object.fromEntries(known) });
  if (result.success) return result.data;
  const names = settings.map(({ name }) => name);
  const unknown = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => `unknown setting '${name}': the settings are ${names.join(', ')}`);
  const wrong = new Set(result.error.issues.map(({ path: [name] }) => name));
  const invalid = settings
    .filter(({ name }) => wrong.has(name))
    .map(({ name, accepts }) => `invalid ${name} ${show(given[name])}: pass ${accepts}`);
  throw new Error([...unknown, ...invalid].join('\n'));
}

/**
 * The settings in a CDK context: plain words (`stage`, `retentionDays`). Keys with punctuation belong to the CDK, its
 * feature flags and its look-ups (`aws:cdk:…`, `@aws-cdk/…`, `availability-zones:…`), and are left alone.
 *
 * @throws Error as {@link parseSettings} does.
 */
export function settingsFromContext(context: Readonly<Record<string, unknown>>): Settings {
  return parseSettings(Object.fromEntries(Object.entries(context).filter(([key]) => /^\w+$/.test(key))));
}

/** The CDK hands over as text what follows `-c name=`. What cannot be read stays text, which the schema refuses. */
function fromText(text: string, type: DescribedSetting['type']): unknown {
  switch (type) {
    case 'string':
      return text;
    case 'array':
      return splitList(text);
    case 'integer':
    case 'number':
      return /^\d+$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || (text === 'false' ? false : text);
    case 'object':
      return fromJson(text);
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(JSON.stringify(value));
}
