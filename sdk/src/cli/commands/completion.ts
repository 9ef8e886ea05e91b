import tab from '@bomb.sh/tab/commander';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { examples } from './limits.ts';

/** Adds `completion`, which prints a script for a shell, and the hidden `complete`, which that script calls. */
export function addCompletion(program: CommandUnknownOpts): void {
  // It reads the tree with the types of plain commander, which extra-typings narrows.
  tab(program as unknown as Parameters<typeof tab>[0], { completionCommandName: 'completion' });
  const completion = program.commands.find((command) => command.name() === 'completion');
  if (completion === undefined) throw new Error('@bomb.sh/tab has added no command "completion"');
  completion
    .summary('print a script that completes commands with the tab key')
    .description(
      'Prints a script for a shell. Loaded there, it completes commands and options with the tab key.',
    );
  examples(
    completion,
    'completion bash > ~/.local/share/bash-completion/completions/hook0',
    'completion zsh > ~/.zsh/completions/_hook0   # a folder of $fpath',
    'completion fish > ~/.config/fish/completions/hook0.fish',
  );
}
