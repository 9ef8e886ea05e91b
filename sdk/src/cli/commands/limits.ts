import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { countOf } from '../shell/values.ts';

const usual = 50;

export const limitOption = () =>
  new Option('-n, --limit <number>', 'show at most so many').argParser(countOf).default(usual);
export const allOption = () => new Option('--all', 'show all of them').conflicts('limit');

/** How many items a list shows. */
export const limitOf = ({ limit, all }: { readonly limit: number; readonly all?: true | undefined }) =>
  all === true ? undefined : limit;

/** Examples below the help of a command. */
export function examples(command: CommandUnknownOpts, ...lines: readonly string[]): void {
  command.addHelpText(
    'after',
    `\nExamples:\n${lines.map((line) => `  $ hook0 ${line}\n`).join('')}`.trimEnd(),
  );
}
