import { TypeID } from 'typeid-js';

/** Makes ids. Time and randomness are arguments, so that tests control both. */
export interface Ids {
  /** `evt_…`; sorts by the millisecond in which it was made. */
  event(): string;
  /** `ep_…` */
  endpoint(): string;
  /** `tok_…` */
  token(): string;
  /** `tsk_…` */
  task(): string;
  /** `evt_test_…`: the id of a test, which receivers recognise. No stored event has it. */
  test(): string;
}

interface IdSources {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Bytes of a cryptographic source, so that ids cannot be guessed from others. */
  readonly randomBytes: (count: number) => Uint8Array;
}

const suffixLength = 26;
// The alphabet of TypeID: Crockford's base32 in lower case. 26 characters hold 130 bits, so the first is at most 7.
const suffix = `[0-7][0-9a-hjkmnp-tv-z]{${suffixLength - 1}}`;

/** The form of each kind of id. */
export const idPatterns = {
  event: new RegExp(`^evt_${suffix}$`),
  endpoint: new RegExp(`^ep_${suffix}$`),
  task: new RegExp(`^tsk_${suffix}$`),
  delivery: new RegExp(`^dlv_(${suffix})_(${suffix})$`),
  token: /^tok_[0-9a-z]{1,64}$/,
  application: /^[a-z0-9][a-z0-9_-]{0,63}$/,
} as const;

/** TypeIDs (specification 0.3) around UUIDs of version 7 (RFC 9562, section 5.7). */
export function createIds({ now, randomBytes }: IdSources): Ids {
  const make = (prefix: string) => toTypeId(prefix, uuidV7(now(), randomBytes(randomCount)));
  return {
    event: () => make('evt'),
    endpoint: () => make('ep'),
    token: () => make('tok'),
    task: () => make('tsk'),
    test: () => make('evt_test'),
  };
}

export const isEventId = (text: string): boolean => idPatterns.event.test(text);
export const isEndpointId = (text: string): boolean => idPatterns.endpoint.test(text);
export const isApplicationId = (text: string): boolean => idPatterns.application.test(text);

/**
 * When an id was made, in epoch milliseconds.
 *
 * @throws Error when it is not an event id
 */
export function timeOf(eventId: string): number {
  if (!isEventId(eventId)) throw new Error(`expected an event id such as evt_01h…, got ${quoted(eventId)}`);
  const bytes = TypeID.fromString(eventId, 'evt').toUUIDBytes();
  return Buffer.from(bytes).readUIntBE(0, timeBytes);
}

/** The UUID (RFC 9562) in an event id, for clients of the original Hook0. */
export const uuidOf = (eventId: string): string => TypeID.fromString(eventId, 'evt').toUUID();

/** The lowest id that an event of this time could have, as a bound for ranges. */
export function lowestEventId(time: number): string {
  const bytes = new Uint8Array(uuidBytes);
  writeTime(bytes, time);
  return toTypeId('evt', bytes);
}

/** The id of the one delivery of this event to this endpoint: `dlv_<endpoint's suffix>_<event's suffix>`. */
export function deliveryId(endpointId: string, eventId: string): string {
  return `dlv_${endpointId.slice(-suffixLength)}_${eventId.slice(-suffixLength)}`;
}

/** The endpoint and event of a delivery id; undefined when it is not one. */
export function parseDeliveryId(text: string): { endpointId: string; eventId: string } | undefined {
  const [, endpoint, event] = idPatterns.delivery.exec(text) ?? [];
  if (endpoint === undefined || event === undefined) return undefined;
  return { endpointId: `ep_${endpoint}`, eventId: `evt_${event}` };
}

const uuidBytes = 16;
const timeBytes = 6;
const randomCount = uuidBytes - timeBytes;
const latest = 2 ** 48 - 1;

function uuidV7(time: number, random: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(uuidBytes);
  bytes.set(random.subarray(0, randomCount), timeBytes);
  writeTime(bytes, time);
  const view = new DataView(bytes.buffer);
  view.setUint8(6, 0x70 | (view.getUint8(6) & 0x0f));
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f));
  return bytes;
}

function writeTime(bytes: Uint8Array, time: number): void {
  Buffer.from(bytes.buffer).writeUIntBE(Math.min(latest, Math.max(0, Math.floor(time))), 0, timeBytes);
}

const toTypeId = (prefix: string, bytes: Uint8Array): string =>
  TypeID.fromUUIDBytes(prefix, bytes).toString();

const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
