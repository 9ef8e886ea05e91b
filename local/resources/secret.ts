import { randomInt } from 'node:crypto';
import { asObject } from '../json/json.ts';
import { arnOf, physicalName } from '../template/names.ts';
import { fail, object, optionalText } from './property.ts';
import type { Declared, ResourceType } from './resource.ts';

/** The section of the state with the values of secrets, by ARN. */
export const secretsSection = 'secrets';

/** AWS::SecretsManager::Secret: its value is given or generated once, then kept. */
export const secret: ResourceType = {
  known: ['GenerateSecretString', 'Name', 'SecretString'],
  ignored: ['Description', 'KmsKeyId', 'ReplicaRegions', 'Tags'],
  create: (resource, world) => {
    const name = optionalText(resource, 'Name') ?? physicalName(world.stackName, resource.logicalId, 200);
    // AWS adds six characters, so that policies whose ARNs end in -?????? match.
    const arn = arnOf('secretsmanager', `secret:${name}-Local0`);
    const values = world.state(secretsSection);
    const given = world.givenSecrets[resource.logicalId];
    if (given !== undefined) values.set(arn, given);
    else if (values.get(arn) === undefined)
      values.set(arn, optionalText(resource, 'SecretString') ?? generated(resource));
    return { ref: arn, attributes: { Id: arn } };
  },
};

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

function generated(resource: Declared): string {
  const rules = object(resource, 'GenerateSecretString');
  const is = (name: string) => String(rules[name]) === 'true';
  const classes = [
    ...(is('ExcludeLowercase') ? [] : [lower]),
    ...(is('ExcludeUppercase') ? [] : [lower.toUpperCase()]),
    ...(is('ExcludeNumbers') ? [] : [digits]),
    ...(is('ExcludePunctuation') ? [] : [punctuation]),
  ];
  const excluded = String(rules.ExcludeCharacters ?? '');
  const alphabet = [...classes.join(''), ...(is('IncludeSpace') ? [' '] : [])].filter(
    (c) => !excluded.includes(c),
  );
  if (alphabet.length === 0) fail(resource, 'GenerateSecretString', 'rules that leave a character');
  const length = Number(rules.PasswordLength ?? 32);
  const password = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
  const key = rules.GenerateStringKey;
  if (typeof key !== 'string') return password;
  const template: unknown = JSON.parse(String(rules.SecretStringTemplate ?? '{}'));
  return JSON.stringify({ ...asObject(template), [key]: password });
}
