import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkTargetUrl,
  localPolicy,
  refusedAddress,
  strictPolicy,
  type TargetPolicy,
} from '#core/outbound/target-url.ts';

/** The address rules alone, so that a refusal cannot come from the scheme or the port. */
const publicOnly: TargetPolicy = {
  allowPlainHttp: true,
  allowLoopback: false,
  ports: 'any',
  allowIpv6: true,
};

const loopbackSpellings = [
  'http://127.0.0.1',
  'http://2130706433',
  'http://0x7f000001',
  'http://017700000001',
  'http://0x7f.1',
  'http://0177.0.0.1',
  'http://127.1',
  'http://127.0.1',
  'http://127。0。0。1',
  'http:\\\\127.0.0.1',
  'http:127.0.0.1',
  'http:///127.0.0.1',
  'http://①②⑦.⓪.⓪.①',
  'http://127.0.0.1.',
  'http://%31%32%37.0.0.1',
  'http://[::1]',
  'http://[0:0:0:0:0:0:0:1]',
  'http://[::ffff:127.0.0.1]',
  'http://[::ffff:7f00:1]',
  'http://[::127.0.0.1]',
  'http://[64:ff9b::7f00:1]',
  'http://0',
  'http://0.0.0.0',
  'http://[::]',
];

function codeFor(text: string, policy: TargetPolicy = strictPolicy): string {
  const result = checkTargetUrl(text, policy);
  return result.ok ? 'ok' : result.code;
}

function messageFor(text: string, policy: TargetPolicy = strictPolicy): string {
  const result = checkTargetUrl(text, policy);
  return result.ok ? '' : result.message;
}

describe('checkTargetUrl', () => {
  it.each([
    'https://your-app.example/webhooks',
    'https://hooks.example.com:8443/a/b?c=d&e=%20',
    'https://hooks.example.com:443/',
    'https://HOOKS.Example.COM',
    'https://bücher.example/',
    'https://a_b.example.com/',
    'https://8.8.8.8/',
    'https://notlocalhost.com/',
    'https://internal.example.com/',
  ])('accepts %s', (text) => {
    const result = checkTargetUrl(text, strictPolicy);
    expect(result).toEqual({ ok: true, url: new URL(text) });
  });

  it.each([
    ['http://hooks.example.com/', 'url_scheme'],
    ['ftp://hooks.example.com/', 'url_scheme'],
    ['file:///etc/passwd', 'url_scheme'],
    ['javascript:alert(1)', 'url_scheme'],
    ['https://hooks.example.com:80/', 'url_port'],
    ['https://hooks.example.com:9001/', 'url_port'],
    ['https://hooks.example.com:0/', 'url_port'],
    ['https://user:pass@hooks.example.com/', 'url_credentials'],
    ['https://user@hooks.example.com/', 'url_credentials'],
    ['https://:pass@hooks.example.com/', 'url_credentials'],
    ['https://hooks.example.com/#part', 'url_fragment'],
    ['https://hooks.example.com/#', 'url_fragment'],
    ['', 'url_invalid'],
    ['hooks.example.com/webhooks', 'url_invalid'],
    ['/webhooks', 'url_invalid'],
    ['https://', 'url_invalid'],
    ['https://exa mple.com/', 'url_invalid'],
    ['https://hooks.example.com/\n', 'url_invalid'],
    ['https://hooks.exa\tmple.com/', 'url_invalid'],
    [' https://hooks.example.com/', 'url_invalid'],
    ['https://hooks.example.com:99999/', 'url_invalid'],
    ['https://hooks.example.com/\ud800', 'url_invalid'],
    ['https://hooks.example.com/?\udc00=1', 'url_invalid'],
    ['https://1.2.3.4.5/', 'url_invalid'],
    ['https://[fe80::1%25eth0]/', 'url_invalid'],
    ['https://localhost/', 'url_host'],
    ['https://LOCALHOST/', 'url_host'],
    ['https://ｌｏｃａｌｈｏｓｔ/', 'url_host'],
    ['https://app.localhost/', 'url_host'],
    ['https://printer.local/', 'url_host'],
    ['https://metadata.google.internal/', 'url_host'],
    ['https://ip-10-0-0-1.ec2.internal/', 'url_host'],
    ['https://router.home.arpa/', 'url_host'],
    ['https://intranet/', 'url_host'],
    ['https://hooks.example.com./', 'url_host'],
    ['https://localhost./', 'url_host'],
    ['https://hooks..example.com/', 'url_host'],
    ['https://-hooks.example.com/', 'url_host'],
    [`https://${'a'.repeat(64)}.example.com/`, 'url_host'],
    [`https://${'a.'.repeat(130)}com/`, 'url_host'],
    ["https://a!b'.example.com/", 'url_host'],
    ['https://169.254.169.254/latest/meta-data', 'url_forbidden_address'],
    ['https://10.0.0.1/', 'url_forbidden_address'],
    ['https://[fd00:ec2::254]/', 'url_forbidden_address'],
    [`https://hooks.example.com/${'a'.repeat(2048)}`, 'url_too_long'],
    [`https://hooks.example.com/${'é'.repeat(700)}`, 'url_too_long'],
  ])('refuses %s: %s', (text, code) => {
    expect(codeFor(text)).toBe(code);
  });

  it('accepts 2,048 characters and not one more', () => {
    const base = 'https://hooks.example.com/';
    expect(codeFor(base + 'a'.repeat(2048 - base.length))).toBe('ok');
    expect(codeFor(base + 'a'.repeat(2049 - base.length))).toBe('url_too_long');
  });

  it.each(loopbackSpellings)('refuses %s however it is spelled', (text) => {
    expect(codeFor(text, publicOnly)).toBe('url_forbidden_address');
    expect(codeFor(text.replace('http', 'https'), strictPolicy)).toBe('url_forbidden_address');
  });

  it('refuses any number spelling of any private IPv4 address', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const private4 = fc.oneof(
      fc.tuple(fc.constant(127), octet, octet, octet),
      fc.tuple(fc.constant(10), octet, octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
    );
    const radix = fc.constantFrom(
      (n: number) => String(n),
      (n: number) => `0x${n.toString(16)}`,
      (n: number) => `0${n.toString(8)}`,
      (n: number) => `0X${n.toString(16).toUpperCase()}`,
    );
    fc.assert(
      fc.property(
        private4,
        fc.integer({ min: 1, max: 4 }),
        fc.array(radix, { minLength: 4, maxLength: 4 }),
        (bytes, parts, write) => {
          const leading: number[] = bytes.slice(0, parts - 1);
          const last = bytes.slice(parts - 1).reduce((sum, byte) => sum * 256 + byte, 0);
          const host = [...leading, last].map((n, i) => write[i]?.(n)).join('.');
          expect(codeFor(`http://${host}/`, publicOnly), host).toBe('url_forbidden_address');
        },
      ),
    );
  });

  it('names what was received and what is accepted', () => {
    expect(messageFor('https://hooks.example.com:9001/x')).toBe(
      '"https://hooks.example.com:9001" uses port 9001; accepted ports: 443, 8443',
    );
    expect(messageFor('ftp://hooks.example.com/')).toBe('the URL has the scheme "ftp:"; accepted: https');
    expect(messageFor('https://hooks.example.com./')).toContain(
      '"https://hooks.example.com." ends with a dot; accepted are',
    );
    expect(messageFor('https://0x7f.1/')).toContain('"https://127.0.0.1" is a loopback address (RFC 1122)');
    expect(messageFor('hooks.example.com/x')).toContain('"hooks.example.com…" is not a URL');
  });

  it('never repeats user info, path, query or fragment', () => {
    const broken = fc.constantFrom(
      'https://u:S3CRET@intranet/',
      'https://u:S3CRET@',
      'https://u:S3CRET@h:99999/',
      'u:S3CRET@h',
      'https://u:a@S3CRET@h',
      'https://intranet/S3CRET',
      'https://intranet/?token=S3CRET',
      'https://h.example.com/#S3CRET',
      'http://h.example.com/S3CRET',
      'https://u:S3CRET@h.example.com/',
      'https://h.example.com:1/S3CRET',
      'https://h h/S3CRET',
      'https://u:S3?CRET@h h',
      '/S3CRET',
    );
    fc.assert(
      fc.property(broken, (text) => {
        const message = messageFor(text);
        expect(message).not.toBe('');
        expect(message).not.toMatch(/S3/);
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.webUrl().map((url) => url.replace('http', 'https')),
        ),
        (text) => {
          const result = checkTargetUrl(text, strictPolicy);
          expect(result.ok || result.message.length > 0).toBe(true);
        },
      ),
    );
  });
});

describe('an IPv6 address', () => {
  const text = 'https://[2606:4700:4700::1111]:8443/hook';

  it('is accepted where the deployment reaches it', () => {
    expect(codeFor(text, { ...strictPolicy, allowIpv6: true })).toBe('ok');
    expect(codeFor(text, strictPolicy)).toBe('url_ipv6');
    expect(messageFor(text)).toBe(
      '"https://[2606:4700:4700::1111]:8443" is an IPv6 address; accepted are names with an IPv4 address, because this deployment sends over IPv4 only',
    );
  });

  it('that is forbidden is refused for that, whatever the deployment reaches', () => {
    expect(codeFor('https://[::1]/', strictPolicy)).toBe('url_forbidden_address');
    expect(codeFor('https://[fd00::1]/', { ...strictPolicy, allowIpv6: true })).toBe('url_forbidden_address');
  });
});

describe('the local policy', () => {
  it.each([
    'http://localhost:3000/webhooks',
    'http://127.0.0.1:1',
    'http://127.1.2.3',
    'http://[::1]:8080/',
    'https://localhost',
    'http://2130706433/',
    'https://hooks.example.com/',
    'http://hooks.example.com:8080/',
  ])('accepts %s', (text) => {
    expect(codeFor(text, localPolicy)).toBe('ok');
  });

  it.each([
    'http://10.0.0.1',
    'http://169.254.169.254',
    'http://192.168.1.1',
    'http://0.0.0.0',
    'http://[::]',
    'http://[::ffff:127.0.0.1]',
    'http://[fd00::1]',
    'http://[fe80::1]',
  ])('still refuses %s', (text) => {
    expect(codeFor(text, localPolicy)).toBe('url_forbidden_address');
  });

  it.each([
    ['http://app.localhost/', 'url_host'],
    ['http://localhost./', 'url_host'],
    ['http://db/', 'url_host'],
    ['http://u:p@localhost/', 'url_credentials'],
    ['ftp://localhost/', 'url_scheme'],
    ['http://localhost:0/', 'url_port'],
  ])('still refuses %s: %s', (text, code) => {
    expect(codeFor(text, localPolicy)).toBe(code);
  });

  it('opens loopback and no other refused address', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const strict = refusedAddress(address, strictPolicy);
        const local = refusedAddress(address, localPolicy);
        expect(local === strict || strict?.startsWith('a loopback address')).toBe(true);
      }),
    );
  });
});
