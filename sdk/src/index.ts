export { Hook0Client } from './client/client.ts';
export {
  ApiError,
  type FieldError,
  NoAnswerError,
  PartlySentError,
  UnexpectedAnswerError,
} from './client/errors.ts';
export type {
  AnswerRecord,
  CallOptions,
  ClientOptions,
  RequestRecord,
  SendOptions,
} from './client/options.ts';
export type * from './client/types.ts';
export { Hook0Error } from './errors.ts';
