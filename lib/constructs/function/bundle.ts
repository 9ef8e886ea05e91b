import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const lambdaCredentials = fileURLToPath(new URL('./lambda-credentials.ts', import.meta.url));
const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

/** The folder of a function's handler.ts. */
export function functionFolder(name: string): string {
  return join(projectRoot, 'lambdas', name);
}

/**
 * Bundles `handler.ts` of a folder into a self-contained `index.mjs`. Code that the handler imports dynamically goes into
 * chunks beside it, which a cold start does not read.
 *
 * The AWS SDK is bundled too, because the runtime's copy is larger, loads slower and changes without notice. ES modules
 * are preferred, because esbuild drops unused code only from those. The output depends only on the sources.
 *
 * @param forDebugger keeps the code readable and adds a source map, so that breakpoints in the sources apply
 */
export function bundleHandler(
  folder: string,
  outputFolder: string,
  forDebugger = process.env.HOOK0_DEBUG_BUNDLES !== undefined,
): void {
  buildSync({
    absWorkingDir: projectRoot,
    entryPoints: { index: join(folder, 'handler.ts') },
    outdir: outputFolder,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    chunkNames: 'chunk-[hash]',
    bundle: true,
    minify: !forDebugger,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': lambdaCredentials },
    // CommonJS packages in the bundle call require for the modules of Node.js.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    legalComments: 'none',
    sourcemap: forDebugger && 'linked',
    logLevel: 'error',
  });
}

/**
 * The code of a function, bundled in this process without a container or a shell. The CDK bundles a folder once per
 * synthesis, and not at all when it needs no assets (`cdk destroy`).
 *
 * @param files files that the code reads at run time: their paths beside the code, and where each is copied from
 */
export function functionCode(name: string, files: Readonly<Record<string, string>> = {}): Code {
  const folder = functionFolder(name);
  return Code.fromAsset(folder, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // The CDK's interface requires an image. It is never pulled, because local bundling throws when it fails.
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
