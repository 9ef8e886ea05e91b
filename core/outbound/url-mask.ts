import { isCredentialName, isCredentialValue, masked } from './header-mask.ts';

// A word of a path is seldom as long and has seldom both letters and digits; a random token nearly always has.
const randomText = /^(?=.*\d)(?=.*[a-z])[\w~.=+/-]{16,}$/i;
/** `name:secret@`, as in front of a host, in an address that a path or a query holds. */
const userinfo = /([^\s/:@?&=]+:)[^\s/:@?&]+(?=@)/g;
const encodedUserinfo = /((?:%2F|%3D|=|\/)[^\s/:@?&=%]+%3A)[^\s/:@?&%]+(?=%40)/gi;

/**
 * The URL of an endpoint for callers who may read it but not change it. Receivers of some providers are protected only by
 * a secret in the path or the query, so that a reader of the URL could send them messages.
 *
 * Hidden are what a name calls a credential (`?token=…`, `/token/…`), what has the form of one, text that looks random,
 * and names with passwords. Hidden text of 20 characters or more shows its last four.
 *
 * @param url that passed `checkTargetUrl`
 */
export function maskUrl(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return origin + withoutUserinfo(maskPath(pathname)) + withoutUserinfo(maskQuery(search));
}

function maskPath(pathname: string): string {
  let before = '';
  return pathname
    .split('/')
    .map((segment) => {
      const isHidden = segment !== '' && (isSecret(segment) || isCredentialName(lastWord(before)));
      before = segment;
      return isHidden ? masked(segment) : segment;
    })
    .join('/');
}

/** A name in a path says what follows only if it is one word: `/webhooks-token/x` does, `/tokenization/x` does not. */
const lastWord = (segment: string): string =>
  /(?:^|[-_.])(tokens?|secrets?|keys?|auth|passwords?)$/i.exec(segment)?.[1] ?? '';

function maskQuery(search: string): string {
  if (search === '') return '';
  const pairs = search.slice(1).split('&');
  const shown = pairs.map((pair) => {
    const [name = '', value] = pair.split(/=(.*)/s);
    if (value === undefined) return isSecret(name) ? masked(name) : name;
    return isCredentialName(decoded(name)) || isSecret(value) ? `${name}=${masked(value)}` : pair;
  });
  return `?${shown.join('&')}`;
}

const isSecret = (text: string): boolean =>
  randomText.test(decoded(text)) || isCredentialValue(decoded(text));

const withoutUserinfo = (text: string): string =>
  text.replaceAll(userinfo, '$1****').replaceAll(encodedUserinfo, '$1****');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that encodes nothing stands for itself.
    return text;
  }
}
