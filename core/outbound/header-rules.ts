type HeaderCode =
  | 'header_name'
  | 'header_value'
  | 'header_refused'
  | 'header_duplicate'
  | 'headers_too_many'
  | 'headers_too_large';

type HeaderRefusal = {
  readonly ok: false;
  readonly code: HeaderCode;
  /** The refused header as received; absent when all together are too many or too large. */
  readonly header?: string;
  readonly message: string;
};

type HeadersCheck = { readonly ok: true; readonly headers: Readonly<Record<string, string>> } | HeaderRefusal;

type SignatureHeaderCheck = { readonly ok: true; readonly name: string } | HeaderRefusal;

/** The signature header of an endpoint that names none. */
export const defaultSignatureHeader = 'X-Hook0-Signature';

const maxHeaders = 20;
const maxNameLength = 64;
const maxValueLength = 1024;
const maxTotalLength = 4096;

/** RFC 9110 section 5.6.2, `token`. */
const token = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/** Visible ISO-8859-1 with blanks inside. A CR, LF or NUL could end the header (RFC 9110 section 5.5). */
const fieldValue = /^(?:[\x21-\x7e\xa1-\xff](?:[\x20-\x7e\xa1-\xff]*[\x21-\x7e\xa1-\xff])?)?$/;

/** Headers that frame the message or control the connection, and those that Hook0 sets. */
const refusedNames = new Set([
  'accept-encoding',
  'connection',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);
const refusedPrefixes = ['content-', 'proxy-', 'webhook-', 'x-hook0-', 'x-amz'];

/**
 * Checks the headers of an endpoint: at most 20, names of at most 64 and values of at most 1,024 characters, at most
 * 4,096 together.
 *
 * @returns the headers under lower-case names, each once, or the first refusal with what is accepted.
 */
export function checkEndpointHeaders(headers: Readonly<Record<string, string>>): HeadersCheck {
  const kept = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    const refusal = checkName(name) ?? checkValue(name, value);
    if (refusal !== undefined) {
      return refusal;
    }
    const lower = name.toLowerCase();
    const known = kept.get(lower);
    if (known !== undefined && known !== value) {
      return refuse(
        'header_duplicate',
        `header ${quote(name)} is given twice with different values; give it once`,
        name,
      );
    }
    kept.set(lower, value);
  }
  if (kept.size > maxHeaders) {
    return refuse('headers_too_many', `there are ${kept.size} headers; at most ${maxHeaders} are accepted`);
  }
  const total = [...kept].reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (total > maxTotalLength) {
    const limit = `at most ${maxTotalLength} are accepted`;
    return refuse('headers_too_large', `the headers have ${total} characters in names and values; ${limit}`);
  }
  return { ok: true, headers: Object.fromEntries(kept) };
}

/**
 * Checks the name of the signature header. The rules for endpoint headers apply, except to the default name. It must not
 * be one of the endpoint's own headers.
 *
 * @param ours - other headers of Hook0 on this endpoint's webhooks, whose names are taken.
 * @returns the name as written.
 */
export function checkSignatureHeader(
  name: string,
  endpointHeaders: Readonly<Record<string, string>>,
  ours: readonly string[] = [],
): SignatureHeaderCheck {
  const forged = [name, ...Object.keys(endpointHeaders)].find((other) =>
    ours.some((one) => one.toLowerCase() === other.toLowerCase()),
  );
  if (forged !== undefined) {
    const fix = `with this signatureScheme ${ours.join(' and ')} are set by Hook0; name it otherwise`;
    return refuse('header_refused', `header ${quote(forged)} is taken: ${fix}`, forged);
  }
  const lower = name.toLowerCase();
  const refusal = lower === defaultSignatureHeader.toLowerCase() ? undefined : checkName(name);
  if (refusal !== undefined) {
    return refusal;
  }
  if (Object.keys(endpointHeaders).some((other) => other.toLowerCase() === lower)) {
    const fix = 'name another signatureHeader or remove it from headers';
    return refuse(
      'header_duplicate',
      `header ${quote(name)} is also one of the endpoint's headers; ${fix}`,
      name,
    );
  }
  return { ok: true, name };
}

/** True for names, in any case, that would break or forge headers of Hook0 or HTTP. */
export function isRefusedHeaderName(name: string): boolean {
  const lower = name.toLowerCase();
  return refusedNames.has(lower) || refusedPrefixes.some((prefix) => lower.startsWith(prefix));
}

function checkName(name: string): HeaderRefusal | undefined {
  if (name.length > maxNameLength || !token.test(name)) {
    const accepted = `1 to ${maxNameLength} letters, digits or any of !#$%&'*+-.^_\`|~`;
    return refuse('header_name', `${quote(name)} is not a header name; accepted: ${accepted}`, name);
  }
  if (isRefusedHeaderName(name)) {
    const list = [...refusedNames, ...refusedPrefixes.map((prefix) => `${prefix}*`)].join(', ');
    return refuse(
      'header_refused',
      `header ${quote(name)} is set by Hook0 or by HTTP; accepted: any but ${list}`,
      name,
    );
  }
  return undefined;
}

function checkValue(name: string, value: string): HeaderRefusal | undefined {
  if (value.length > maxValueLength) {
    const limit = `at most ${maxValueLength} are accepted`;
    return refuse(
      'header_value',
      `the value of header ${quote(name)} has ${value.length} characters; ${limit}`,
      name,
    );
  }
  if (!fieldValue.test(value)) {
    const accepted = 'visible ISO-8859-1 characters with spaces between them, no control characters';
    return refuse(
      'header_value',
      `the value of header ${quote(name)} is not valid; accepted: ${accepted}`,
      name,
    );
  }
  return undefined;
}

function quote(name: string): string {
  return JSON.stringify(name.length > maxNameLength ? `${name.slice(0, maxNameLength)}…` : name);
}

function refuse(code: HeaderCode, message: string, header?: string): HeaderRefusal {
  return { ok: false, code, message, header };
}
