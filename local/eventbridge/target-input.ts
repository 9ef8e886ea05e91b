import { isObject } from '../json/json.ts';
import type { EventTarget } from './rules.ts';

/** The input of a target: the event, a part of it, a constant, or a transformed text. */
export function targetInput(target: EventTarget, event: unknown): unknown {
  if (target.input !== undefined) return JSON.parse(target.input);
  if (target.inputPath !== undefined) return atPath(event, target.inputPath);
  const transformer = target.inputTransformer;
  if (transformer === undefined) return event;
  const variables = new Map(
    Object.entries(transformer.paths).map(([name, path]) => [name, atPath(event, path)]),
  );
  return fillIn(transformer.template, (name) =>
    name === 'aws.events.event.json' || name === 'aws.events.event' ? event : variables.get(name),
  );
}

/** Reads `$.detail.endpoint.id` or `$.resources[0]`, the part of JSONPath that EventBridge accepts. */
function atPath(event: unknown, path: string): unknown {
  let value = event;
  for (const [step] of path.replace(/^\$/, '').matchAll(/[^.[\]'"]+/g)) {
    value = Array.isArray(value) ? value[Number(step)] : isObject(value) ? value[step] : undefined;
  }
  return value;
}

// A variable inside quotes is inserted as text, outside as a JSON value.
function fillIn(template: string, lookUp: (name: string) => unknown): unknown {
  let quoted = false;
  const filled = template.replace(/\\.|"|<([\w.-]+)>/g, (match, name: string | undefined) => {
    if (match === '"') quoted = !quoted;
    if (name === undefined) return match;
    const value = lookUp(name);
    if (!quoted) return JSON.stringify(value ?? null);
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? '');
    return JSON.stringify(text).slice(1, -1);
  });
  return parseOr(filled, filled);
}

function parseOr(text: string, fallback: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A template may be plain text, which is delivered unchanged.
    if (error instanceof SyntaxError) return fallback;
    throw error;
  }
}
