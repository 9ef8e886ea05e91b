// The directions of the code base. A broken rule fails `npm run boundaries`; docs/adr/0002 says why they exist.
const forbid = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });
const ours = '^(bin|demo|lib|lambdas|local|openapi|sdk|console|bench|test)/';

export default {
  forbidden: [
    forbid('no-cycles', {}, { circular: true }, 'a cycle has no layer'),
    forbid(
      'core-is-pure',
      { path: '^lambdas/core/' },
      { path: [ours, '@aws-sdk', '@aws-lambda-powertools', '@middy'], pathNot: '^lambdas/core/' },
      'the domain knows no AWS and nobody else of ours',
    ),
    forbid(
      'adapters-import-core',
      { path: '^lambdas/adapters/' },
      { path: ours, pathNot: '^lambdas/(core|adapters)/' },
      'adapters depend on the core, never the reverse',
    ),
    forbid(
      'runtime-is-below-handlers',
      { path: '^lambdas/runtime/' },
      { path: ours, pathNot: '^lambdas/(core|adapters|runtime)/' },
      'runtime serves every function',
    ),
    forbid(
      'no-handler-imports-another',
      { path: '^lambdas/(?!core/|adapters/|runtime/)([^/]+)/' },
      { path: '^lambdas/(?!core/|adapters/|runtime/)', pathNot: '^lambdas/$1/' },
      'functions share core, adapters and runtime only',
    ),
    forbid(
      'lambdas-know-no-infrastructure',
      { path: '^lambdas/' },
      { path: ['^(bin|lib|local|openapi|test|bench)/', 'aws-cdk-lib', 'constructs/'] },
      'a bundle must not hold CDK',
    ),
    forbid(
      'lib-knows-functions-by-env',
      { path: '^lib/' },
      { path: '^lambdas/', pathNot: '^lambdas/[^/]+/env\\.ts$' },
      'constructs know entry paths and env.ts alone',
    ),
    forbid(
      'answers-are-not-judged-by-functions',
      {
        path: '^lambdas/',
        pathNot: ['view-schemas?\\.ts$', '(answer|batch|health|page|problem|test-event)-schema\\.ts$'],
      },
      { path: ['view-schemas?\\.ts$', '(answer|batch|health|page|problem|test-event)-schema\\.ts$'] },
      'schemas of answers serve the document and its tests; they must not reach a bundle',
    ),
    forbid(
      'sdk-stands-alone',
      { path: '^sdk/' },
      { path: ours, pathNot: '^sdk/' },
      'the client is published without us',
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
      'nothing-imports-tools',
      { path: '^(lib|lambdas|sdk)/' },
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
      comment: 'a handler reads its environment through the runtime',
      module: { path: '^lambdas/[^/]+/handler\\.ts$' },
      to: { path: '^lambdas/runtime/environment\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // TypeScript 7 has no compiler API for this tool yet; swc reads the imports, those of types included.
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
