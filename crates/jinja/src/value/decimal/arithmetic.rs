//! `+ - * / // % **` of decimals, rounded to the precision of Python's default context.

use super::{Decimal, PRECISION};
use crate::error::{Eval, value_error};
use crate::syntax::ast::BinOp;

/// `a op b`
pub(super) fn binary(op: BinOp, a: Decimal, b: Decimal) -> Eval<Decimal> {
    let (Decimal::Finite { coefficient: x, exponent: m }, Decimal::Finite { coefficient: y, exponent: n }) = (a, b)
    else {
        return Ok(inexact(op, a, b));
    };
    if y == 0 && matches!(op, BinOp::Div | BinOp::FloorDiv | BinOp::Mod) {
        return Err(value_error("division by zero"));
    }
    let exact = match op {
        BinOp::Add => aligned((x, m), (y, n)).and_then(|(x, y, e)| Some((x.checked_add(y)?, e))),
        BinOp::Sub => aligned((x, m), (y, n)).and_then(|(x, y, e)| Some((x.checked_sub(y)?, e))),
        BinOp::Mul => x.checked_mul(y).map(|product| (product, m + n)),
        BinOp::Div => return Ok(divide((x, m), (y, n))),
        // Unlike for other numbers, the quotient is cut, and the rest has the sign of the dividend.
        BinOp::FloorDiv => aligned((x, m), (y, n)).map(|(x, y, _)| (x / y, 0)),
        BinOp::Mod => aligned((x, m), (y, n)).map(|(x, y, e)| (x % y, e)),
        BinOp::Pow => power((x, m), (y, n)),
    };
    Ok(exact.map_or_else(|| inexact(op, a, b), |(coefficient, exponent)| fit(coefficient, exponent, false)))
}

/// Both numbers with the smaller of their exponents.
pub(super) fn aligned((x, m): (i128, i32), (y, n): (i128, i32)) -> Option<(i128, i128, i32)> {
    let scaled = |number: i128, by: u32| number.checked_mul(10i128.checked_pow(by)?);
    match m <= n {
        true => Some((x, scaled(y, n.abs_diff(m))?, m)),
        false => Some((scaled(x, m.abs_diff(n))?, y, n)),
    }
}

/// What is beyond exact arithmetic here, as floats have it.
fn inexact(op: BinOp, a: Decimal, b: Decimal) -> Decimal {
    let (a, b) = (a.to_f64(), b.to_f64());
    let number = match op {
        BinOp::Add => a + b,
        BinOp::Sub => a - b,
        BinOp::Mul => a * b,
        BinOp::Div => a / b,
        BinOp::FloorDiv => (a / b).trunc(),
        BinOp::Mod => a % b,
        BinOp::Pow => a.powf(b),
    };
    Decimal::parse(&format!("{number:e}")).unwrap_or(Decimal::Special(number))
}

fn power((x, m): (i128, i32), (y, n): (i128, i32)) -> Option<(i128, i32)> {
    let times = u32::try_from(y).ok().filter(|_| n == 0)?;
    Some((x.checked_pow(times)?, m.checked_mul(i32::try_from(times).ok()?)?))
}

fn digits(number: i128) -> u32 {
    number.unsigned_abs().checked_ilog10().map_or(1, |log| log + 1)
}

/// Rounds to the precision; `more` is whether something follows the last digit.
fn fit(coefficient: i128, exponent: i32, more: bool) -> Decimal {
    let surplus = digits(coefficient).saturating_sub(PRECISION);
    let rounded = divide_even(coefficient, surplus, more);
    Decimal::Finite { coefficient: rounded, exponent: exponent + surplus as i32 }
}

/// `number / 10^power`, half to even.
pub(super) fn divide_even(number: i128, power: u32, more: bool) -> i128 {
    let Some(unit) = 10i128.checked_pow(power) else { return 0 };
    let (quotient, rest) = (number / unit, (number % unit).abs());
    let up = rest > unit - rest || (unit > 1 && rest == unit - rest && (more || quotient % 2 != 0));
    quotient + if up { number.signum() } else { 0 }
}

fn divide((x, m): (i128, i32), (y, n): (i128, i32)) -> Decimal {
    let negative = (x < 0) != (y < 0);
    let (x, y) = (x.unsigned_abs(), y.unsigned_abs());
    let (mut quotient, mut rest, mut exponent) = (x / y, x % y, m - n);
    while rest != 0 && quotient < 10u128.pow(PRECISION + 1) {
        let Some(next) = rest.checked_mul(10) else { break };
        quotient = quotient * 10 + next / y;
        rest = next % y;
        exponent -= 1;
    }
    let coefficient = i128::try_from(quotient).unwrap_or(i128::MAX) * if negative { -1 } else { 1 };
    fit(coefficient, exponent, rest != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Native;

    #[test]
    fn arithmetic_is_that_of_python() {
        let cases = [
            (BinOp::Add, "1.10", "2.2", "3.30"),
            (BinOp::Sub, "1", "0.90", "0.10"),
            (BinOp::Mul, "1.50", "2", "3.00"),
            (BinOp::Div, "1", "3", "0.3333333333333333333333333333"),
            (BinOp::Div, "2", "3", "0.6666666666666666666666666667"),
            (BinOp::Div, "10", "4", "2.5"),
            (BinOp::Div, "100", "10", "10"),
            (BinOp::Div, "1.00", "2", "0.50"),
            (BinOp::FloorDiv, "-7", "2", "-3"),
            (BinOp::Mod, "-7", "2", "-1"),
            (BinOp::Mod, "7.5", "2", "1.5"),
            (BinOp::Pow, "1.5", "2", "2.25"),
        ];
        for (op, a, b, expected) in cases {
            let number = |text| Decimal::parse(text).unwrap();
            assert_eq!(binary(op, number(a), number(b)).unwrap().text(), expected, "{a} {} {b}", op.symbol());
        }
    }

    #[test]
    fn texts_are_those_of_python() {
        let same = ["12.30", "0", "0.00", "-1.5", "1E+16", "0.000001", "1E-7", "NaN", "Infinity"];
        for text in same {
            assert_eq!(Decimal::parse(text).unwrap().text(), text);
        }
        assert_eq!(Decimal::parse("1e+20").unwrap().text(), "1E+20");
        assert_eq!(Decimal::parse("2.5").unwrap().round(0).text(), "2");
        assert_eq!(Decimal::parse("1.255").unwrap().round(2).text(), "1.26");
    }
}
