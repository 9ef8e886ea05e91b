import { breaking } from './mutation.ts';

export const noForbiddenAddress = breaking('7: no forbidden address', [
  {
    breaks: 'a name with a public and a forbidden address is requested',
    symbol: 'checkResolved',
    from: 'reason !== undefined',
    to: 'reason !== undefined && addresses.length === 1',
    test: 'promise 7: no forbidden address',
  },
  {
    breaks: 'loopback addresses are requested',
    symbol: 'refusedRanges4',
    from: "'127.0.0.0/8'",
    to: "'127.0.0.0/32'",
    test: 'promise 7: no forbidden address',
  },
  {
    breaks: 'an IPv6 address that maps a loopback address is requested',
    symbol: 'globalUnicast6',
    from: "'2000::/3'",
    to: "'::/0'",
    test: 'promise 7: no forbidden address',
  },
]);

export const bytesKept = breaking('8: bytes are kept', [
  {
    breaks: 'payloads are parsed and serialized again',
    symbol: 'parse-event.readEvent',
    from: 'text.slice(payload.start, payload.end)',
    to: 'JSON.stringify(valueIn(text, payload))',
    test: 'promise 8: bytes are kept',
  },
  {
    breaks: 'messages carry payloads as text that SQS refuses',
    symbol: 'carryPayload',
    from: "toString('base64')",
    to: "toString('latin1')",
    test: 'promise 8: bytes are kept',
  },
  {
    breaks: 'the payload of an event of the original API is parsed and serialized again',
    symbol: 'parseV1Event',
    from: 'payload: given.payload',
    to: 'payload: JSON.stringify(JSON.parse(given.payload))',
    test: 'an event of the original API > keeps its payload',
  },
]);
