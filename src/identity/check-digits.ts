/** True when the digits, from the right each second one weighed, add up to a multiple of ten. */
function addsUp(digits: string, weigh: (digit: number) => number): boolean {
  if (!/^\d{2,}$/.test(digits)) return false;
  let sum = 0;
  for (let i = 1; i <= digits.length; i++) {
    const digit = Number(digits.at(-i));
    sum += i % 2 === 0 ? weigh(digit) : digit;
  }
  return sum % 10 === 0;
}

/**
 * True when the last digit is the check digit of those before it by the Luhn formula (ISO/IEC 7812-1, annex B), as on most plastic
 * cards. It tells every digit that is wrong, and every two neighbors that changed places but 09 and 90.
 * @example passesLuhn('79927398713') // true
 */
export function passesLuhn(digits: string): boolean {
  return addsUp(digits, (digit) => digit * 2 - (digit > 4 ? 9 : 0));
}

/**
 * The same by the formula of GS1 (General Specifications, section 7.9.1), one for all its keys: EAN-8, UPC-A, EAN-13, GTIN-14, the 17
 * digits of a GSIN, the 18 of an SSCC and of a GSRN. It tells every digit that is wrong; of neighbors that changed places, not those 5 apart.
 * @example passesGs1('4006381333931') // true
 */
export function passesGs1(digits: string): boolean {
  return /^(?:\d{8}|\d{12,14}|\d{17,18})$/.test(digits) && addsUp(digits, (digit) => digit * 3);
}
