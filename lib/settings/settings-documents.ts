import { type DescribedSetting, describeSettings } from './describe-settings.ts';

const table = /^\| setting .*(?:\n\|.*)*/m;

/** docs/settings.md with its table as the code has it. */
export function withSettingsTable(document: string): string {
  const rows = describeSettings().map(({ name, accepts, description, default: value }) => {
    const fallback = value === undefined ? '–' : `\`${value}\``;
    return `| \`${name}\` | ${fallback} | ${accepts} | ${description} |`;
  });
  const lines = ['| setting | default | accepts | meaning |', '|---|---|---|---|', ...rows];
  return document.replace(table, () => lines.join('\n'));
}

const types: Readonly<Record<DescribedSetting['type'], string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  array: 'readonly string[]',
  object: 'Partial<Readonly<Record<FunctionName, number>>>',
};

/** The source of lib/hook0-props.ts: editors show its comments to those who use the construct. */
export function propsSource(): string {
  const props = describeSettings().map(({ name, type, accepts, description, default: value }) => {
    const text = `${description} Accepts ${accepts}.\n@default ${value ?? '- none'}`;
    const comment = text.replaceAll(/(.{1,114})(?: |\n|$)/g, '   * $1\n');
    return `  /**\n${comment}   */\n  readonly ${name}?: ${types[type]};\n`;
  });
  return `import type { FunctionName } from './settings/settings.ts';

// Written by \`npm run settings\` from lib/settings/settings.ts.

/** How a Hook0 inside your own stack is set up. */
export interface Hook0Props {
${props.join('')}}
`;
}
