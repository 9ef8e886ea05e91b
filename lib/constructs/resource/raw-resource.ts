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
 * Gives a resource that holds data a logical id that does not depend on its place in the tree. CloudFormation replaces,
 * and so empties, a resource whose logical id changes, which moving a construct must not cause. Because of these fixed
 * ids, a stack can hold only one Hook0.
 */
export function freezeLogicalId(construct: Construct, logicalId: string): void {
  rawResource(construct).overrideLogicalId(logicalId);
}
