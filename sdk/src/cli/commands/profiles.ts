import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { profileNamed, savedProfiles, savedText } from '../shell/profiles.ts';
import type { Shell } from '../shell/shell.ts';

export function addProfiles(program: CommandUnknownOpts, shell: Shell): void {
  const { profiles: file } = shell.ports;
  const profiles = program
    .command('profiles')
    .summary('switch between deployments')
    .description('A profile is an address and a token that hook0 login has saved.');

  profiles
    .command('list')
    .description('Lists the profiles, without their tokens.')
    .action(async () => {
      const saved = savedProfiles(file);
      const named = Object.entries(saved.profiles).map(([name, { url, application }]) => ({
        name,
        url,
        application,
        isCurrent: name === saved.current,
      }));
      await shell.list(named, {
        columns: [
          { heading: 'NAME', cell: ({ name }) => name },
          { heading: 'CURRENT', cell: ({ isCurrent }) => (isCurrent ? { text: 'yes', style: 'green' } : '') },
          { heading: 'ADDRESS', cell: ({ url }) => url },
          { heading: 'APPLICATION', cell: ({ application }) => application },
        ],
        empty: 'no profiles; make one with hook0 login',
      });
    });

  profiles
    .command('use')
    .description('Makes a profile the current one.')
    .argument('<name>')
    .action((name) => {
      const saved = savedProfiles(file);
      profileNamed(name, saved);
      file.write(savedText({ ...saved, current: name }));
      shell.note(`the current profile is ${name}`);
    });
}
