import { randomUUID } from 'node:crypto';
import type { LocalService } from '../aws-protocol/service.ts';
import { asList, asObject, asText, isObject, type JsonObject } from '../json/json.ts';
import { localAccount, localRegion } from '../template/pseudo-parameters.ts';
import { compileEventPattern } from './pattern.ts';
import { busName, type EventRule } from './rules.ts';
import { targetInput } from './target-input.ts';

export interface EventBridge {
  readonly actions: LocalService;
  /** Resolves when no event is on its way to a target. */
  settled(): Promise<void>;
}

/**
 * PutEvents with rules and targets. As on AWS the caller neither waits for the targets nor sees their errors.
 *
 * @param deliver never rejects
 */
export function eventBridge(
  rules: () => readonly EventRule[],
  deliver: (targetArn: string, event: unknown) => Promise<void>,
): EventBridge {
  const compiled = new WeakMap<EventRule, (event: unknown) => boolean>();
  const underway = new Set<Promise<void>>();

  const matches = (rule: EventRule, event: unknown) => {
    let predicate = compiled.get(rule);
    if (predicate === undefined) {
      predicate = compileEventPattern(rule.pattern, `${rule.name}.EventPattern`);
      compiled.set(rule, predicate);
    }
    return predicate(event);
  };
  const send = (targetArn: string, input: unknown) => {
    const delivery = deliver(targetArn, input).finally(() => underway.delete(delivery));
    underway.add(delivery);
  };
  const putEntry = (entry: unknown) => {
    const given = asObject(entry);
    const refusal = refusalOf(given);
    if (refusal !== undefined) return refusal;
    const event = eventOf(given);
    const bus = busName(asText(given.EventBusName) ?? 'default');
    for (const rule of rules()) {
      if (rule.busName !== bus || !matches(rule, event)) continue;
      for (const target of rule.targets) send(target.arn, targetInput(target, event));
    }
    return { EventId: event.id };
  };
  const putEvents = (input: JsonObject) => {
    const Entries = asList(input.Entries).map(putEntry);
    return { FailedEntryCount: Entries.filter((entry) => 'ErrorCode' in entry).length, Entries };
  };

  return {
    actions: new Map([['PutEvents', putEvents]]),
    settled: async () => {
      while (underway.size > 0) await Promise.all(underway);
    },
  };
}

function eventOf(entry: JsonObject) {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': entry.DetailType,
    source: entry.Source,
    account: localAccount,
    // The SDK sends epoch seconds. EventBridge answers whole seconds.
    time: new Date(typeof entry.Time === 'number' ? entry.Time * 1000 : Date.now())
      .toISOString()
      .replace(/\.\d+Z$/, 'Z'),
    region: localRegion,
    resources: asList(entry.Resources),
    detail: JSON.parse(String(entry.Detail)),
  };
}

function refusalOf(
  entry: JsonObject,
): { readonly ErrorCode: string; readonly ErrorMessage: string } | undefined {
  for (const name of ['Source', 'DetailType', 'Detail']) {
    if (typeof entry[name] !== 'string' || entry[name] === '') {
      const ErrorMessage = `Parameter ${name} is not valid. Reason: ${name} is a required argument.`;
      return { ErrorCode: 'InvalidArgument', ErrorMessage };
    }
  }
  return isJsonObject(String(entry.Detail))
    ? undefined
    : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
