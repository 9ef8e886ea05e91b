interface Component {
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/** A bill of materials (CycloneDX 1.5), as far as it is read here. */
export interface Bill {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/**
 * The part of a bill that is deployed or published. npm's own option for it (`--omit dev`) also leaves out packages that
 * tools need as well.
 *
 * @param name of the product; npm takes that of the folder
 */
export function deployedBill(bill: Bill, name: string): Bill {
  const components = bill.components.filter(
    ({ properties = [] }) => !properties.some(({ name: of }) => of === 'cdx:npm:package:development'),
  );
  const { component } = bill.metadata;
  const kept = new Set([component, ...components].map((one) => one['bom-ref']));
  return {
    ...bill,
    metadata: { ...bill.metadata, component: { ...component, ...{ name } } },
    components,
    dependencies: bill.dependencies
      .filter(({ ref }) => kept.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) })),
  };
}
