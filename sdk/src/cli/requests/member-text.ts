const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s"{}[\],:]+/gs;

/**
 * The text of a member of a JSON object, as it is written there, or undefined when there is none. Parsing would change
 * numbers such as 1.0, and then the bytes would differ from those that are signed.
 *
 * @param json - an object as valid JSON
 */
export function memberText(json: string, name: string): string | undefined {
  let depth = 0;
  let key = '""';
  let start: number | undefined;
  let end = 0;
  for (const { 0: text, index } of json.matchAll(token)) {
    const isDirect = depth === 1;
    if (isDirect && start !== undefined && (text === ',' || text === '}'))
      return json.slice(start, end).trim();
    if (isDirect && start === undefined && text.startsWith('"')) key = text;
    if (isDirect && start === undefined && text === ':' && JSON.parse(key) === name) start = index + 1;
    if (text === '{' || text === '[') depth += 1;
    if (text === '}' || text === ']') depth -= 1;
    end = index + text.length;
  }
  return undefined;
}
