/** `only` the patterns (with `*` and `?`), or `all-but` them (NotAction, NotResource). */
export interface PatternSelection {
  readonly kind: 'only' | 'all-but';
  readonly patterns: readonly string[];
}

/** One operator applied to one key: `{"StringEquals": {"aws:SourceAccount": ["…"]}}`. */
export interface PolicyCondition {
  /** As written, with its `ForAllValues:` prefix and `IfExists` suffix. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** A statement of a policy with resolved intrinsics. Every value is a list. */
export interface Statement {
  readonly sid?: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: PatternSelection;
  readonly resources: PatternSelection;
  readonly conditions: readonly PolicyCondition[];
  /** Only in resource policies: ARNs, service names, account ids or `*`. */
  readonly principals?: readonly string[] | undefined;
}
