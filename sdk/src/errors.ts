/** The base class of all errors of this package. */
export class Hook0Error extends Error {
  override readonly name: string = 'Hook0Error';
}
