import { describe, expect, it } from 'vitest';
import { checkAdminToken } from '#bin/local/admin-token.ts';
import { parseCommandLine } from '#bin/local/options.ts';
import { makeToken, tokenRandomBytes } from '#core/token/token.ts';

describe('the command line of the local run', () => {
  it('has defaults', () => {
    expect(parseCommandLine([])).toEqual({
      port: 3000,
      dataDir: undefined,
      tickMs: undefined,
      strictTargets: false,
      corsOrigins: undefined,
      quiet: false,
      verbose: false,
      help: false,
    });
  });

  it('takes every option', () => {
    expect(
      parseCommandLine([
        '--port',
        '0',
        '--data-dir',
        'd',
        '--tick',
        '0.5',
        '--strict-targets',
        '--cors-origins',
        'http://localhost:5173,https://app.example',
        '--quiet',
        '--verbose',
        '--help',
      ]),
    ).toEqual({
      port: 0,
      dataDir: 'd',
      tickMs: 500,
      strictTargets: true,
      corsOrigins: ['http://localhost:5173', 'https://app.example'],
      quiet: true,
      verbose: true,
      help: true,
    });
  });

  it.each<[string[], RegExp]>([
    [['--prot', '1'], /'--prot'.*--help/],
    [['--port', '70000'], /"70000".*0 to 65535/],
    [['--port', '1e3'], /"1e3"/],
    [['--tick', '0'], /"0".*0\.1/],
    [['--data-dir', ''], /empty/],
    [['--port', '-1'], /^--port is "-1": expected a whole number from 0 to 65535$/],
    [['--tick', '-1', '--verbose'], /^--tick is "-1": expected seconds/],
    [['--tick=-0.5'], /^--tick is "-0.5": expected seconds/],
    [['--port', '--verbose'], /^option --port is given without a value: .*--help/],
    [['--cors-origins', '*'], /^--cors-origins is "\*": expected 1 to 20 origins.*no `\*`$/],
    [['start'], /"start".*--help/],
  ])('refuses %j in one line', (args, message) => {
    expect(() => parseCommandLine(args)).toThrow(message);
    expect(() => parseCommandLine(args)).not.toThrow(/\n/);
  });

  it('checks a given admin token and never shows it', () => {
    expect(checkAdminToken(undefined)).toBeUndefined();
    expect(checkAdminToken('x'.repeat(16))).toBe('x'.repeat(16));
    const made = makeToken(new Uint8Array(tokenRandomBytes));
    expect(checkAdminToken(made)).toBe(made);
    const mistyped = `hk0_${'a'.repeat(36)}`;
    expect(() => checkAdminToken(mistyped)).toThrow(/HOOK0_ADMIN_TOKEN .*checksum/);
    expect(() => checkAdminToken(mistyped)).toThrow(/^((?!aaaa).)*$/);
    expect(() => checkAdminToken('a secret with spaces')).toThrow(/^((?!a secret with spaces).)*$/);
  });
});
