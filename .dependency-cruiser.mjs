// The directions of the code base. A broken rule fails `npm run boundaries`; docs/adr/0002 says why they exist.
const forbid = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });
const ours = '^(bin|lib|lambdas|core|adapters|local|demo|openapi|sdk|console|bench|test)/';
const answerSchemas = ['view-schemas?\\.ts$', '(answer|batch|health|page|problem|test-event)-schema\\.ts$'];

export default {
  forbidden: [
    forbid('no-cycles', {}, { circular: true }, 'a cycle has no layer'),
    {
      ...forbid('no-folder-cycles', {}, { circular: true }, 'folders that import each other are one folder'),
      scope: 'folder',
    },
    forbid(
      'core-is-pure',
      { path: '^core/' },
      { path: [ours, '@aws-sdk', '@aws-lambda-powertools', '@middy'], pathNot: '^core/' },
      'the domain knows neither AWS nor any other folder of ours',
    ),
    forbid(
      'adapters-import-core',
      { path: '^adapters/' },
      { path: ours, pathNot: '^(core|adapters)/' },
      'adapters depend on the core, never the reverse',
    ),
    forbid(
      'no-function-imports-another',
      { path: '^lambdas/([^/]+)/' },
      { path: ours, pathNot: '^(core|adapters|lambdas/$1)/' },
      'functions share core and adapters only',
    ),
    forbid(
      'bundles-hold-no-infrastructure',
      { path: '^(lambdas|core|adapters)/' },
      { path: ['aws-cdk-lib', 'constructs/'] },
      'a bundle must not hold CDK',
    ),
    forbid(
      'lib-knows-functions-by-env',
      { path: '^lib/' },
      { path: '^(lambdas|core|adapters)/', pathNot: '^lambdas/[^/]+/env\\.ts$' },
      'constructs know entry paths and env.ts alone',
    ),
    forbid(
      'answer-schemas-stay-out-of-bundles',
      { path: '^(lambdas|core|adapters)/', pathNot: answerSchemas },
      { path: answerSchemas, dependencyTypesNot: ['type-only'] },
      'functions take types from the schemas of answers, but no code: it would reach their bundles',
    ),
    forbid(
      'sdk-stands-alone',
      { path: '^sdk/' },
      { path: ours, pathNot: '^sdk/' },
      'the client is published by itself',
    ),
    forbid(
      'client-and-verification-are-apart',
      { path: '^sdk/src/(client|webhooks|testing)/' },
      { path: '^sdk/src/(client|webhooks|testing|cli|import)/', pathNot: '^sdk/src/($1|webhooks)/' },
      'each is an entry point of its own; only the command uses them all',
    ),
    forbid(
      'client-does-not-verify',
      { path: '^sdk/src/client/' },
      { path: '^sdk/src/webhooks/' },
      'a program that only sends does not load verification',
    ),
    forbid(
      'client-runs-on-every-runtime',
      { path: '^sdk/src/', pathNot: '^sdk/src/(cli[./]|import/)|^sdk/src/webhooks/verify\\.ts$' },
      { dependencyTypes: ['core'] },
      'Deno, Bun and Workers have no modules of Node.js, or not all of them',
    ),
    forbid(
      'local-stands-alone',
      { path: '^local/' },
      { path: ours, pathNot: '^local/' },
      'it runs any synthesized template; programs pass what is ours',
    ),
    forbid(
      'demo-uses-the-client',
      { path: '^demo/' },
      { path: ours, pathNot: '^(demo|local|sdk)/' },
      'scenes see what a user of the API sees',
    ),
    forbid(
      'nothing-that-ships-imports-tools',
      { path: '^(lib|lambdas|core|adapters|sdk)/' },
      { path: '^(test|bench|local|demo|openapi)/' },
      'what ships must not hold tests or the local run',
    ),
    forbid(
      'no-test-outside-tests',
      { pathNot: '^(test|bench)/' },
      { path: '^(test|bench)/' },
      'nothing imports test or bench',
    ),
  ],
  // Without this, a parser that finds no imports at all would pass every rule above.
  required: [
    {
      name: 'handlers-compose',
      severity: 'error',
      comment: 'a handler reads its environment through the adapter',
      module: { path: '^lambdas/[^/]+/handler\\.ts$' },
      to: { path: '^adapters/lambda/environment\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // TypeScript 7 has no compiler API for this tool yet; swc reads the imports, those of types included.
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
