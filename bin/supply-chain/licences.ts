/** What package-lock.json says about an installed package. */
interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  /** A workspace of this repository. */
  readonly link?: boolean;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** Licences of what may be deployed or published: they ask for no more than a notice. */
const anywhere = [
  ...[
    '0BSD',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'BlueOak-1.0.0',
    'CC0-1.0',
    'ISC',
    'MIT',
    'MIT-0',
  ],
  ...['Unlicense'],
];
/** Licences of tools besides: they bind who changes the tool or passes it on. */
const tools = ['MPL-2.0', 'PSF-2.0', 'Python-2.0'];

/** A line for each installed package whose licence is unknown, or not accepted where the package is used. */
export function refusedLicences({ packages }: Lock): string[] {
  return Object.entries(packages).flatMap(([path, { version, license, dev, devOptional, link }]) => {
    // The root and the workspaces are this repository.
    if (!path.includes('node_modules/') || link === true) return [];
    const isTool = dev === true || devOptional === true;
    const accepted = isTool ? [...anywhere, ...tools] : anywhere;
    if (license !== undefined && isAccepted(license, accepted)) return [];
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return [
      `${name}@${version} ${isTool ? '(a tool)' : '(deployed)'}: ${license ?? 'no licence'}; accepted: ${accepted.join(', ')}`,
    ];
  });
}

/** @param expression of SPDX, of one level: `MIT`, `(MIT OR GPL-3.0-or-later)`, `Apache-2.0 AND MIT` */
function isAccepted(expression: string, accepted: readonly string[]): boolean {
  const bare = expression.replace(/^\((.*)\)$/, '$1');
  const either = bare.split(' OR ');
  if (either.length > 1) return either.some((one) => isAccepted(one, accepted));
  return bare.split(' AND ').every((one) => accepted.includes(one));
}
