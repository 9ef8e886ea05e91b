/** Whether a node can be reached from itself. */
export function hasCycle<Node>(edges: ReadonlyMap<Node, readonly Node[]>): boolean {
  const done = new Set<Node>();
  const onPath = new Set<Node>();
  // An explicit stack, because a chain of references may be longer than calls can nest.
  for (const start of edges.keys()) {
    const stack: { readonly node: Node; readonly rest: Iterator<Node> }[] = [];
    const push = (node: Node): void => {
      onPath.add(node);
      stack.push({ node, rest: (edges.get(node) ?? []).values() });
    };
    if (!done.has(start)) push(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.next();
      if (next.done) {
        onPath.delete(top.node);
        done.add(top.node);
        stack.pop();
      } else if (onPath.has(next.value)) return true;
      else if (!done.has(next.value)) push(next.value);
    }
  }
  return false;
}
