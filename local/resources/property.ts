import { isObject, type JsonObject } from '../json/json.ts';
import type { Declared } from './resource.ts';

/** @throws Error with logical id, type, property and value when it is not a text, number or boolean */
export function optionalText(resource: Declared, name: string): string | undefined {
  const value = resource.properties[name];
  if (value === undefined) return undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  return fail(resource, name, 'a text');
}

/** As `optionalText`, for a required property. */
export function text(resource: Declared, name: string): string {
  return optionalText(resource, name) ?? fail(resource, name, 'a text');
}

/** CloudFormation accepts a number as text too. */
export function number(resource: Declared, name: string, fallback: number): number {
  const value = optionalText(resource, name);
  if (value === undefined) return fallback;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : fail(resource, name, 'a number');
}

export function list(resource: Declared, name: string): readonly unknown[] {
  const value = resource.properties[name] ?? [];
  return Array.isArray(value) ? value : fail(resource, name, 'a list');
}

/** An object property; empty when it is absent. */
export function object(resource: Declared, name: string): JsonObject {
  const value = resource.properties[name] ?? {};
  return isObject(value) ? value : fail(resource, name, 'an object');
}

export function fail(resource: Declared, name: string, expected: string): never {
  const value = JSON.stringify(resource.properties[name]);
  throw new Error(`${resource.logicalId} (${resource.type}): ${name} is ${value}, expected ${expected}`);
}
