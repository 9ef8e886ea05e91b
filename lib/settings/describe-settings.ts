import { z } from 'zod';
import { settingsSchema } from './settings.ts';

const described = z.object({
  type: z.enum(['string', 'number', 'integer', 'boolean', 'array', 'object']),
  accepts: z.string(),
  description: z.string(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
});

/** A setting as data. `default` is undefined where the setting may be left out and then has no value. */
export type DescribedSetting = z.infer<typeof described> & { readonly name: string };

/** All settings, in the order of their declaration. */
export function describeSettings(): DescribedSetting[] {
  const { properties } = z
    .object({ properties: z.record(z.string(), described) })
    .parse(z.toJSONSchema(settingsSchema, { io: 'input' }));
  return Object.entries(properties).map(([name, setting]) => ({ name, ...setting }));
}
