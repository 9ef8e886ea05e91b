/** An error about encrypted credentials. Its message holds neither a key nor a credential. */
export class CredentialsError extends Error {
  override readonly name: string = 'CredentialsError';
}

/**
 * The key service did not unwrap the key: it is busy, unreachable, or refuses. Waiting or an operator solves it, and
 * nothing is lost until then.
 */
export class CredentialsUnavailable extends CredentialsError {
  override readonly name = 'CredentialsUnavailable';
}

/** What is stored cannot be decrypted: it was changed, moved from another item, or encrypted for another application. */
export class CredentialsDamaged extends CredentialsError {
  override readonly name = 'CredentialsDamaged';
}

/** Credentials are encrypted although the setting would delete their key. */
export class CredentialsStillEncrypted extends CredentialsError {
  override readonly name = 'CredentialsStillEncrypted';
}
