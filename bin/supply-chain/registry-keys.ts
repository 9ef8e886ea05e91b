/** Whether a registry serves the keys that its packages are signed with; the reason when it does not. */
export type RegistryKeys = { readonly kind: 'served' } | { readonly kind: 'none'; readonly reason: string };

/**
 * Asks a registry for its signing keys (npm registry API, `/-/npm/v1/keys`).
 *
 * @param registry e.g. `https://registry.npmjs.org/`
 */
export async function registryKeys(registry: string, request: typeof fetch = fetch): Promise<RegistryKeys> {
  const url = new URL('-/npm/v1/keys', registry.endsWith('/') ? registry : `${registry}/`);
  try {
    const response = await request(url, { signal: AbortSignal.timeout(20_000) });
    if (!response.ok)
      return { kind: 'none', reason: `it answers ${response.status} to the request for its keys` };
    const { keys }: { readonly keys?: unknown } = JSON.parse(await response.text());
    if (Array.isArray(keys) && keys.length > 0) return { kind: 'served' };
    return { kind: 'none', reason: 'its list of keys is empty' };
  } catch (error) {
    return { kind: 'none', reason: error instanceof Error ? error.message : String(error) };
  }
}
