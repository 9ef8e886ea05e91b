/** A value of one period; undefined when there is none. */
export type Value = number | undefined;

type Evaluate = (values: (name: string) => Value) => Value;

/**
 * Compiles the part of CloudWatch's metric math that our alarms use: numbers, names, `+ - * /`, comparisons, `AND`, `OR`,
 * `IF(condition, a, b)` and `FILL(name, number)`. In arithmetic a missing value counts as 0 unless both are missing.
 *
 * @throws Error naming what it does not know
 */
export function compileMath(expression: string): Evaluate {
  const tokens = expression.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?|>=|<=|==|!=|[-+*/(),<>]|\S/g) ?? [];
  let next = 0;
  const peek = (): string => tokens[next] ?? '';
  const take = (token: string): void => {
    if (peek() !== token) throw new Error(`expected ${token} at "${peek()}" in ${expression}`);
    next += 1;
  };

  function binary(
    operators: Readonly<Record<string, (a: number, b: number) => number>>,
    operand: () => Evaluate,
  ) {
    let left = operand();
    for (let operator = operators[peek()]; operator !== undefined; operator = operators[peek()]) {
      next += 1;
      const [a, b, apply] = [left, operand(), operator];
      left = (values) => {
        const [x, y] = [a(values), b(values)];
        return x === undefined && y === undefined ? undefined : apply(x ?? 0, y ?? 0);
      };
    }
    return left;
  }

  const either = (): Evaluate => binary({ OR: (a, b) => Number(a !== 0 || b !== 0) }, both);
  const both = (): Evaluate => binary({ AND: (a, b) => Number(a !== 0 && b !== 0) }, comparison);
  const comparison = (): Evaluate => binary(comparisons, sum);
  const sum = (): Evaluate => binary({ '+': (a, b) => a + b, '-': (a, b) => a - b }, product);
  const product = (): Evaluate => binary({ '*': (a, b) => a * b, '/': (a, b) => a / b }, term);

  function term(): Evaluate {
    const token = peek();
    next += 1;
    if (token === '(') {
      const inner = either();
      take(')');
      return inner;
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (!/^\w/.test(token)) throw new Error(`unexpected "${token}" in ${expression}`);
    if (peek() !== '(') return (values) => values(token);
    return call(token, callArguments());
  }

  function callArguments(): Evaluate[] {
    const found: Evaluate[] = [];
    take('(');
    for (;;) {
      found.push(either());
      if (peek() !== ',') break;
      take(',');
    }
    take(')');
    return found;
  }

  const compiled = either();
  if (next < tokens.length) throw new Error(`unexpected "${peek()}" in ${expression}`);
  return compiled;
}

const comparisons: Readonly<Record<string, (a: number, b: number) => number>> = {
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '==': (a, b) => Number(a === b),
};

function call(name: string, [first, second, third]: readonly Evaluate[]): Evaluate {
  if (name === 'FILL' && first !== undefined && second !== undefined) {
    return (values) => first(values) ?? second(values);
  }
  if (name === 'IF' && first !== undefined && second !== undefined && third !== undefined) {
    return (values) => {
      const condition = first(values);
      return condition === undefined ? undefined : condition === 0 ? third(values) : second(values);
    };
  }
  throw new Error(`${name} is not known here with these arguments`);
}
