import { spawn } from 'node:child_process';

/** Opens an address in the browser of this machine, without a shell. @returns whether there is one */
export function browse(
  url: string,
  platform: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const program = programOf(platform, env);
  if (program === undefined) return Promise.resolve(false);
  const [command, ...args] = program;
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}

function programOf(
  platform: string,
  { DISPLAY, WAYLAND_DISPLAY }: Readonly<Record<string, string | undefined>>,
): readonly [command: string, ...args: string[]] | undefined {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}
