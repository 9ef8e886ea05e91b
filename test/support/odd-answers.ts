/** An answer that is unusual on the wire, and what it means. */
export interface OddAnswer {
  readonly what: string;
  /** Latin-1. */
  readonly bytes: string;
  /** The receiver closes after it. */
  readonly closes?: boolean;
  readonly statusCode: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection serves the next request. */
  readonly isKept?: boolean;
}

const ok = (head: string, body = 'ok'): string =>
  `HTTP/1.1 200 OK\r\n${head}content-length: 2\r\n\r\n${body}`;
const chunked = (body: string): string => `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${body}`;
const fine = { statusCode: 200, body: 'ok' };

/** RFC 9112 section 6.3: the answer ends where its framing says, whatever follows. */
const followed: readonly OddAnswer[] = [
  { what: '204 with a body', bytes: 'HTTP/1.1 204 No Content\r\n\r\n{}', statusCode: 204, body: '' },
  {
    what: '204 with a body and its length',
    bytes: 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n{}',
    ...{ statusCode: 204, body: '' },
  },
  {
    what: '204 with a chunked body',
    bytes: 'HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ...{ statusCode: 204, body: '' },
  },
  {
    what: '304 with a body',
    bytes: 'HTTP/1.1 304 Not Modified\r\ncontent-length: 2\r\n\r\n{}',
    statusCode: 304,
  },
  { what: '200 with more than its length', bytes: ok('', 'ok and more'), ...fine },
  {
    what: 'a last answer with more than its length',
    bytes: ok('connection: close\r\n', 'ok, more'),
    ...fine,
  },
  { what: 'chunks with more behind them', bytes: chunked('2\r\nok\r\n0\r\n\r\nmore'), ...fine },
  { what: 'two answers', bytes: `${ok('')}HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n`, ...fine },
  {
    what: '500 with more than its length',
    bytes: 'HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\nx',
    statusCode: 500,
  },
  { what: 'chunks without the last line', bytes: chunked('2\r\nok\r\n0\r\n'), ...fine },
];

/** RFC 9112 sections 2.2, 4, 5 and 6, and RFC 9110 sections 5.5 and 8.6. */
const forms: readonly OddAnswer[] = [
  { what: 'lines that end with LF', bytes: 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok', ...fine },
  {
    what: 'one line that ends with LF',
    bytes: 'HTTP/1.1 200 OK\r\na: b\ncontent-length: 2\r\n\r\nok',
    ...fine,
  },
  { what: 'a folded line', bytes: ok('x-a: 1\r\n  2\r\n'), headers: { 'x-a': '1 2' }, ...fine },
  { what: 'a line folded by a tab', bytes: ok('x-a: 1\r\n\t2\r\n'), headers: { 'x-a': '1 2' }, ...fine },
  { what: 'an indented first line', bytes: ok(' x-a: 1\r\nx-b: 2\r\n'), headers: { 'x-b': '2' }, ...fine },
  { what: 'a space before the colon', bytes: ok('x-a : 1\r\n'), headers: { 'x-a': '1' }, ...fine },
  {
    what: 'a length with a space before the colon',
    bytes: 'HTTP/1.1 200 OK\r\ncontent-length : 2\r\n\r\nok',
    ...fine,
  },
  { what: 'a name with a space', bytes: ok('x a: 1\r\n'), ...fine },
  { what: 'a line without a colon', bytes: ok('hello\r\n x\r\n'), ...fine },
  { what: 'a line without a name', bytes: ok(': 1\r\n'), ...fine },
  {
    what: 'control characters in a value',
    bytes: ok('x-a: 1\x01\x00\x7f2\r\n'),
    headers: { 'x-a': '1   2' },
    ...fine,
  },
  { what: 'a CR in a value', bytes: ok('x-a: 1\r2\r\n'), headers: { 'x-a': '1 2' }, ...fine },
  { what: 'the same length twice', bytes: ok('content-length: 2\r\n'), ...fine },
  {
    what: 'the same length twice in a line',
    bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\nok',
    ...fine,
  },
  {
    what: 'chunks and a length',
    bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ...fine,
  },
  { what: 'identity and a length', bytes: ok('transfer-encoding: identity\r\n'), isKept: true, ...fine },
  {
    what: 'another coding than chunked',
    bytes: 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nok',
    closes: true,
    statusCode: 200,
    body: '(gzip, not decoded)',
  },
  {
    what: 'two spaces in the status line',
    bytes: 'HTTP/1.1  200  OK\r\ncontent-length: 2\r\n\r\nok',
    ...fine,
  },
  { what: 'tabs in the status line', bytes: 'HTTP/1.1\t200\tOK\r\ncontent-length: 2\r\n\r\nok', ...fine },
  { what: 'no reason', bytes: 'HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok', isKept: true, ...fine },
  {
    what: 'a reason that is not ASCII',
    bytes: 'HTTP/1.1 200 Tr\xe8s\r\ncontent-length: 2\r\n\r\nok',
    isKept: true,
    ...fine,
  },
  { what: 'empty lines before it', bytes: `\r\n\n\r\n${ok('')}`, ...fine },
  { what: 'HTTP/1.0', bytes: 'HTTP/1.0 200 OK\r\n\r\nok', closes: true, ...fine },
  {
    what: 'HTTP/1.0 with chunks',
    bytes: 'HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ...fine,
  },
  { what: 'HTTP/1.2', bytes: 'HTTP/1.2 200 OK\r\ncontent-length: 2\r\n\r\nok', ...fine },
  { what: 'neither length nor chunks', bytes: 'HTTP/1.1 200 OK\r\n\r\nok', closes: true, ...fine },
  {
    what: 'spaces after the size of a chunk',
    bytes: chunked('2  \r\nok\r\n0\r\n\r\n'),
    isKept: true,
    ...fine,
  },
  {
    what: 'an extension of a chunk',
    bytes: chunked('2 ; a = "b"\r\nok\r\n0;c\r\n\r\n'),
    isKept: true,
    ...fine,
  },
  {
    what: 'zeros before the size of a chunk',
    bytes: chunked(`${'0'.repeat(40)}2\r\nok\r\n000\r\n\r\n`),
    isKept: true,
    ...fine,
  },
  { what: 'chunk lines that end with LF', bytes: chunked('2\nok\n0\n\n'), ...fine },
  { what: 'trailers', bytes: chunked('2\r\nok\r\n0\r\nx-sum: 1\r\n\r\n'), isKept: true, ...fine },
  {
    what: 'an upgrade that is only offered',
    bytes: ok('upgrade: h2c\r\nconnection: upgrade\r\n'),
    isKept: true,
    ...fine,
  },
  { what: '20 KB of headers', bytes: ok(`x-a: ${'a'.repeat(20 * 1024)}\r\n`), isKept: true, ...fine },
  { what: '60 KB of headers', bytes: ok('x-a: 12345678\r\n'.repeat(4000)), isKept: true, ...fine },
];

/** RFC 9110 section 15. */
const statuses: readonly OddAnswer[] = [600, 799, 999].map((statusCode) => ({
  what: `the status ${statusCode}`,
  bytes: `HTTP/1.1 ${statusCode} Odd\r\ncontent-length: 2\r\n\r\nok`,
  ...{ statusCode, body: 'ok', isKept: true },
}));

const informational: readonly OddAnswer[] = [
  {
    what: 'ten informational answers before it',
    bytes: `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(10)}${ok('')}`,
    isKept: true,
    ...fine,
  },
  {
    what: 'an unknown informational answer',
    bytes: `HTTP/1.1 150 X\r\ncontent-length: 5\r\n\r\n${ok('')}`,
    isKept: true,
    ...fine,
  },
];

export const oddAnswers: readonly OddAnswer[] = [
  ...followed,
  ...forms,
  ...statuses,
  {
    what: 'the status 099',
    bytes: 'HTTP/1.1 099 Odd\r\ncontent-length: 2\r\n\r\nok',
    statusCode: 99,
    body: 'ok',
    isKept: true,
  },
  ...informational,
];

/** What is not an HTTP answer, and why. */
export const notAnswers: readonly {
  readonly what: string;
  readonly bytes: string;
  readonly reason: RegExp;
}[] = [
  { what: 'another protocol', bytes: 'SSH-2.0-OpenSSH_9.6\r\n', reason: /does not begin with "HTTP\/"/ },
  { what: 'a body without a head', bytes: '{}', reason: /does not begin with/ },
  { what: 'HTTP in lower case', bytes: 'http/1.1 200 OK\r\n\r\n', reason: /does not begin with/ },
  { what: 'a status of two digits', bytes: 'HTTP/1.1 20 X\r\n\r\n', reason: /status line/ },
  { what: 'a status of four digits', bytes: 'HTTP/1.1 1000 X\r\n\r\n', reason: /status line/ },
  { what: 'no status', bytes: 'HTTP/1.1\r\n\r\n', reason: /status line/ },
  { what: 'two lengths', bytes: ok('content-length: 3\r\n'), reason: /Content-Length/ },
  {
    what: 'a negative length',
    bytes: 'HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\nok',
    reason: /Content-Length/,
  },
  {
    what: 'an empty length',
    bytes: 'HTTP/1.1 200 OK\r\ncontent-length:\r\n\r\nok',
    reason: /Content-Length/,
  },
  { what: 'a broken chunk', bytes: chunked('zz\r\nabc'), reason: /size of a chunk/ },
  {
    what: 'a chunk that is too long',
    bytes: chunked('2\r\nokay\r\n0\r\n\r\n'),
    reason: /longer than its size/,
  },
  {
    what: 'an upgrade',
    bytes: 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n',
    reason: /switched protocols/,
  },
  {
    what: 'eleven informational answers',
    bytes: `${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(11)}${ok('')}`,
    reason: /more than 10 informational/,
  },
];

/** Noise without end before the final status: each piece is repeated for ever. */
export const noises: readonly (readonly [what: string, start: string, piece: string])[] = [
  ['empty lines', '', '\r\n'],
  ['line feeds', '', '\n'],
  ['carriage returns', '', '\r'],
  ['informational answers', '', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ['headers of an informational answer', 'HTTP/1.1 103 Early Hints\r\n', 'link: </a>\r\n'],
  ['empty lines and informational answers', '', '\r\n\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n'],
  ['an informational answer with a long line', 'HTTP/1.1 102 Processing\r\nx: ', 'a'],
  ['a status line', 'HTTP/1.1 200 ', 'a'],
  ['a header', 'HTTP/1.1 200 OK\r\nx: ', 'a'],
  ['headers', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n'],
  ['folded lines', 'HTTP/1.1 200 OK\r\nx: y\r\n', ' z\r\n'],
  ['lines that are not headers', 'HTTP/1.1 200 OK\r\n', 'z\n'],
  ['something else', '', 'garbage '],
];

/** Bodies without end. */
export const endlessBodies: readonly (readonly [what: string, start: string, piece: string])[] = [
  ['a length', 'HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\n', 'a'],
  ['neither length nor chunks', 'HTTP/1.1 200 OK\r\n\r\n', 'a'],
  ['chunks of one byte', chunked(''), '1\r\na\r\n'],
  ['one chunk', chunked('FFFFFFFFFFFFFFFFFFFF\r\n'), 'a'],
  ['extensions of a chunk', chunked('1;'), 'a'],
  ['trailers', chunked('0\r\n'), 'a: b\r\n'],
];
