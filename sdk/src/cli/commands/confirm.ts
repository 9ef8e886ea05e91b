import { Option } from '@commander-js/extra-typings';
import { Hook0Error } from '../../errors.ts';
import type { Shell } from '../shell/shell.ts';

export const yesOption = () => new Option('-y, --yes', 'do not ask');

/** Asks before something that cannot be undone. @throws Hook0Error unless the answer is yes */
export async function confirmed(question: string, yes: true | undefined, shell: Shell): Promise<void> {
  if (yes === true) return;
  const answer = await shell.ports.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Hook0Error('nothing was changed');
}
