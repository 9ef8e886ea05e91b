import { CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The one CloudFormation resource that a construct stands for. */
export function rawResource(construct: Construct): CfnResource {
  const resource = construct.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) {
    throw new Error(`no single resource at ${construct.node.path}: pass a construct that stands for one`);
  }
  return resource;
}

/**
 * Gives a resource that holds data a logical id that does not depend on its place in the tree.
 * CloudFormation replaces, and so empties, what changes its logical id; moving a construct must not do that.
 * It also means one Hook0 per stack.
 */
export function freezeLogicalId(construct: Construct, logicalId: string): void {
  rawResource(construct).overrideLogicalId(logicalId);
}
