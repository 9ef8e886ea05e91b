/** A list of `*` / `?` patterns, or everything but them (NotAction, NotResource). */
export interface Selection {
  readonly kind: 'only' | 'all-but';
  readonly patterns: readonly string[];
}

/** One operator applied to one key: `{"StringEquals": {"aws:SourceAccount": ["…"]}}`. */
export interface Condition {
  /** As written, with its `ForAllValues:` prefix and `IfExists` suffix. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** A statement of a policy, every intrinsic resolved and every single value made a list. */
export interface Statement {
  readonly sid?: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Selection;
  readonly resources: Selection;
  readonly conditions: readonly Condition[];
  /** Resource policies only: the ARNs, service names, account ids or `*` it speaks about. */
  readonly principals?: readonly string[] | undefined;
}
