import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder of this test run. The first test file that needs the synthesized app writes it there. */
    readonly assemblyFolder: string;
  }
}

/** vitest's globalSetup: the app is synthesized at most once a run, and not at all when no test needs it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'hook0-test-'));
  project.provide('assemblyFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
