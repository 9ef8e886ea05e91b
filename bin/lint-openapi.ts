import { fileURLToPath } from 'node:url';
import { formatProblems, getTotals, lint, loadConfig } from '@redocly/openapi-core';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

// The library, not its command line: that one reports to its maker and looks for updates of itself.
const config = await loadConfig({ configPath: at('redocly.yaml') });
const problems = await lint({ ref: at('docs/openapi.json'), config });
const totals = getTotals(problems);
formatProblems(problems, { format: 'stylish', totals });
if (totals.errors + totals.warnings > 0) process.exitCode = 1;
