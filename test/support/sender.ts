import { onTestFinished } from 'vitest';
import { createSender, type SenderOptions, type SendRequest } from '#adapters/http-client/guarded-request.ts';
import { localPolicy } from '#core/outbound/target-url.ts';

/** A sender that may reach local receivers and closes with its test. */
export function sender(options: Partial<SenderOptions> = {}) {
  const made = createSender({ policy: localPolicy, ...options });
  onTestFinished(made.close);
  return made;
}

/** A request with more time than it needs. */
export function post(url: string, overrides: Partial<SendRequest> = {}): SendRequest {
  return { url, headers: {}, body: new TextEncoder().encode('{"a":1}'), deadlineMs: 30_000, ...overrides };
}

export const crlf = (...lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`;
