import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const lambdaCredentials = fileURLToPath(new URL('./lambda-credentials.ts', import.meta.url));
const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of a function's handler.ts. */
export function functionFolder(name: string): string {
  return join(projectRoot, 'lambdas', name);
}

/**
 * Bundles `handler.ts` of a folder into a self-contained `index.mjs`, with chunks beside it for what the code imports
 * only when it needs it: a cold start must not read those.
 *
 * The AWS SDK is bundled too: the runtime's own copy is larger, loads slower and changes under us. Packages' ES modules
 * are preferred because only those lose their unused parts. The output depends on the sources alone.
 */
export function bundleHandler(folder: string, outputFolder: string): void {
  buildSync({
    absWorkingDir: projectRoot,
    entryPoints: { index: join(folder, 'handler.ts') },
    outdir: outputFolder,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: 'chunk-[hash]',
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': lambdaCredentials },
    // CommonJS packages inside an ES module still call require for Node's own modules.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    legalComments: 'none',
    sourcemap: false,
    logLevel: 'error',
  });
}

/**
 * The code of a function, bundled in this process: no container, no shell, and not at all when the CDK
 * does not need assets (`cdk destroy`). Share the result between functions of one code.
 *
 * @param files what lies beside the code and is read when it is asked for, by path: where it is copied from
 */
export function functionCode(name: string, files: Readonly<Record<string, string>> = {}): Code {
  const folder = functionFolder(name);
  return Code.fromAsset(folder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Required by the CDK's interface, never pulled: local bundling does not fail over, it throws.
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle: (outputFolder) => {
          bundleHandler(folder, outputFolder);
          for (const [path, source] of Object.entries(files)) {
            const target = join(outputFolder, path);
            mkdirSync(dirname(target), { recursive: true });
            copyFileSync(source, target);
          }
          return true;
        },
      },
    },
  });
}
