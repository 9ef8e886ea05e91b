/**
 * Whether a number is a whole multiple of another by their decimal digits. So 0.3 is a multiple of 0.1, although the
 * quotient of the two doubles is not whole.
 *
 * @param divisor - above 0.
 */
export function isMultipleOf(value: number, divisor: number): boolean {
  // JSON.parse reads numbers beyond the range of doubles as infinity.
  if (!Number.isFinite(value)) return false;
  // The remainder of two doubles is exact.
  if (Number.isInteger(value) && Number.isInteger(divisor)) return value % divisor === 0;
  const [left, right] = [decimalOf(value), decimalOf(divisor)];
  const exponent = Math.min(left.exponent, right.exponent);
  return scaled(left, exponent) % scaled(right, exponent) === 0n;
}

interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function decimalOf(value: number): Decimal {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

const scaled = ({ digits, exponent }: Decimal, to: number): bigint => digits * 10n ** BigInt(exponent - to);
