import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { asObject } from '../json/json.ts';
import { LambdaFunction } from '../lambda/function.ts';
import { codeOf } from '../template/assets.ts';
import { arnOf, physicalName } from '../template/names.ts';
import { localRegion } from '../template/pseudo-parameters.ts';
import { fail, number, object, optionalText, text } from './property.ts';
import type { Declared, ResourceType } from './resource.ts';
import type { World } from './world.ts';

/** AWS::Lambda::Function of a Node runtime, with code from a directory or inside the template. */
export const lambdaFunction: ResourceType = {
  known: [
    'Code',
    'Environment',
    'FunctionName',
    'Handler',
    'MemorySize',
    'ReservedConcurrentExecutions',
    'Timeout',
  ],
  ignored: [
    'Architectures',
    'Description',
    'EphemeralStorage',
    'KmsKeyArn',
    'LoggingConfig',
    'PackageType',
    'RecursiveLoop',
    'Role',
    'Runtime',
    'RuntimeManagementConfig',
    'SnapStart',
    'Tags',
    'TracingConfig',
  ],
  create: (resource, world) => {
    const name =
      optionalText(resource, 'FunctionName') ?? physicalName(world.stackName, resource.logicalId, 64);
    const runtime = optionalText(resource, 'Runtime') ?? '';
    if (!runtime.startsWith('nodejs')) fail(resource, 'Runtime', 'a Node runtime');
    const arn = arnOf('lambda', `function:${name}`);
    const folder = folderOf(resource, world);
    const [file, handler] = splitHandler(resource);
    const memoryMb = number(resource, 'MemorySize', 128);
    const created = new LambdaFunction(
      {
        logicalId: resource.logicalId,
        name,
        arn,
        module: moduleIn(folder, file, resource),
        handler,
        environment: {
          ...runtimeEnvironment(name, memoryMb, folder, text(resource, 'Handler'), runtime),
          ...ownEnvironment(resource),
          ...world.extraEnvironment,
          ...world.proxy.environmentFor(resource.logicalId),
        },
        memoryMb,
        timeoutMs: number(resource, 'Timeout', 3) * 1000,
        reservedConcurrency:
          resource.properties.ReservedConcurrentExecutions === undefined
            ? undefined
            : number(resource, 'ReservedConcurrentExecutions', 0),
        clock: world.clock,
      },
      world.logs,
    );
    world.invoker.functions.set(arn, created);
    return { ref: name, attributes: { Arn: arn } };
  },
};

function runtimeEnvironment(
  name: string,
  memoryMb: number,
  folder: string,
  handler: string,
  runtime: string,
): Record<string, string> {
  return {
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    LAMBDA_TASK_ROOT: folder,
    _HANDLER: handler,
    // A developer's own profile must not reach the function.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_REGION: localRegion,
    AWS_DEFAULT_REGION: localRegion,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
  };
}

function ownEnvironment(resource: Declared): Record<string, string> {
  const variables = object(resource, 'Environment').Variables;
  return Object.fromEntries(
    Object.entries(asObject(variables)).map(([name, value]) => [name, String(value)]),
  );
}

function folderOf(resource: Declared, world: World): string {
  const code = codeOf(
    resource.logicalId,
    { ...resource.source, Properties: resource.properties },
    world.assets,
  );
  if (code.kind === 'directory') return code.path;
  const folder = join(world.scratchDir, resource.logicalId);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), code.source);
  return folder;
}

function splitHandler(resource: Declared): readonly [string, string] {
  const handler = text(resource, 'Handler');
  const dot = handler.lastIndexOf('.');
  return dot > 0 ? [handler.slice(0, dot), handler.slice(dot + 1)] : fail(resource, 'Handler', 'file.export');
}

function moduleIn(folder: string, file: string, resource: Declared): string {
  const found = ['.mjs', '.js', '.cjs']
    .map((ending) => join(folder, `${file}${ending}`))
    .find((path) => existsSync(path));
  return found ?? fail(resource, 'Handler', `the name of a module in ${folder}`);
}
