import { inTurns } from '#core/concurrency/concurrency.ts';
import type {
  CredentialSweep,
  CredentialSweepOutcome,
  SweepPosition,
} from '#core/encryption/credential-sweep.ts';
import { CredentialsStillEncrypted } from '#core/encryption/errors.ts';
import type { Page, PageRequest } from '#core/page/page.ts';

/** What a sweep of credentials touches outside this process. */
export interface CredentialSweepPorts {
  /** Epoch milliseconds. */
  now(): number;
  readonly applications: { list(page: PageRequest): Promise<Page<{ readonly id: string }>> };
  readonly endpoints: {
    outlines(
      applicationId: string,
      page: PageRequest,
    ): Promise<Page<{ readonly endpoint: { readonly id: string } }>>;
  };
  rewriteCredentials(endpointId: string): Promise<boolean>;
}

// Milliseconds; the function ends after 29 s.
const workTime = 15_000;
const pageSize = 50;
const atATime = 10;

/** Rewrites the credentials of all endpoints, page by page, for as long as one invocation may take. */
export async function sweepCredentials(
  { from = {} }: CredentialSweep,
  ports: CredentialSweepPorts,
): Promise<CredentialSweepOutcome> {
  const end = ports.now() + workTime;
  let position: SweepPosition | undefined = from;
  let rewritten = 0;
  try {
    while (position !== undefined) {
      if (ports.now() > end) return { kind: 'swept', rewritten, next: position };
      const page = await sweepPage(position, ports);
      rewritten += page.rewritten;
      position = page.next;
    }
    return { kind: 'swept', rewritten };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: error instanceof CredentialsStillEncrypted ? 'refused' : 'failed', reason };
  }
}

/** One page of the endpoints of one application. */
async function sweepPage(
  { applications, endpoints }: SweepPosition,
  ports: CredentialSweepPorts,
): Promise<{ readonly rewritten: number; readonly next: SweepPosition | undefined }> {
  const { items, next } = await ports.applications.list({ after: applications, limit: 1 });
  const following = next === undefined ? undefined : { applications: next };
  // An application that is being removed is left out of its page.
  const [application] = items;
  if (application === undefined) return { rewritten: 0, next: following };
  const after = endpoints?.applicationId === application.id ? endpoints.after : undefined;
  const page = await ports.endpoints.outlines(application.id, { after, limit: pageSize });
  const written = await inTurns(page.items, atATime, ({ endpoint }) => ports.rewriteCredentials(endpoint.id));
  return {
    rewritten: written.filter(Boolean).length,
    next:
      page.next === undefined
        ? following
        : { applications, endpoints: { applicationId: application.id, after: page.next } },
  };
}
