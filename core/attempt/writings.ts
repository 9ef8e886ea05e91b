/** A text as programs write it: as it is, in a JSON string, percent-encoded, and in base64. */
export function writingsOf(text: string): string[] {
  const wellFormed = text.toWellFormed();
  const percent = [
    encodeURI(wellFormed),
    encodeURIComponent(wellFormed),
    // RFC 3986 reserves five characters more than ECMAScript.
    encodeURIComponent(wellFormed).replace(/[!'()*]/g, percentOf),
    // As a form, where a blank is a plus sign.
    new URLSearchParams({ '': wellFormed }).toString().slice(1),
    [...Buffer.from(wellFormed)].map(percentOfByte).join(''),
  ];
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    ...percent,
    ...percent.map((one) => one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
    ...base64Of(Buffer.from(wellFormed)),
  ];
}

const percentOfByte = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
const percentOf = (character: string): string => percentOfByte(character.charCodeAt(0));

const bitsOfByte = 8;
const bitsOfCharacter = 6;

/**
 * The characters that stand for these bytes in base64 of a longer text, in both alphabets. A character has six bits, so
 * there are three ways to begin; characters at the ends that also hold bits of other bytes are left out.
 */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const first = Math.ceil((before * bitsOfByte) / bitsOfCharacter);
    const end = Math.floor(((before + bytes.length) * bitsOfByte) / bitsOfCharacter);
    const inner = whole.slice(first, end);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
