//! Learns how sure a reading is: logistic regression on restored words that are known to be right or wrong.
//!
//! Newton's method on the penalised likelihood (iteratively reweighted least squares); the penalty keeps the weight of a feature that hardly
//! occurs near zero. Reference: Hosmer & Lemeshow, *Applied Logistic Regression*.

use crate::restore::confidence::{Evidence, FEATURES};

/// The penalty on squared weights.
const RIDGE: f64 = 1.0;
/// Rounds of Newton's method; it is done after far fewer.
const ROUNDS: usize = 30;

const N: usize = FEATURES.len();

/// The weights that explain best which of the `samples` are right.
#[must_use]
pub fn fit(samples: &[(Evidence, bool)]) -> Evidence {
    let mut weights = [0f64; N];
    for _ in 0..ROUNDS {
        let mut gradient = weights.map(|w| RIDGE * w);
        let mut curvature = [[0f64; N]; N];
        for (i, row) in curvature.iter_mut().enumerate() {
            row[i] = RIDGE;
        }
        for (evidence, right) in samples {
            let x = evidence.map(f64::from);
            let sum: f64 = weights.iter().zip(&x).map(|(w, x)| w * x).sum();
            let p = 1.0 / (1.0 + (-sum).exp());
            let error = p - f64::from(u8::from(*right));
            let spread = p * (1.0 - p);
            for i in 0..N {
                gradient[i] += error * x[i];
                for j in 0..N {
                    curvature[i][j] += spread * x[i] * x[j];
                }
            }
        }
        let step = solve(curvature, gradient);
        for (w, s) in weights.iter_mut().zip(step) {
            *w -= s;
        }
    }
    weights.map(|w| w as f32)
}

/// The solution of a positive definite system, by elimination.
fn solve(mut a: [[f64; N]; N], mut b: [f64; N]) -> [f64; N] {
    for i in 0..N {
        let pivot = a[i];
        for k in i + 1..N {
            let factor = a[k][i] / pivot[i];
            for (to, from) in a[k].iter_mut().zip(&pivot).skip(i) {
                *to -= factor * from;
            }
            b[k] -= factor * b[i];
        }
    }
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|j| a[i][j] * b[j]).sum();
        b[i] = (b[i] - known) / a[i][i];
    }
    b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_odds() {
        let sample = |x: f32, right| {
            let mut e = [0.0; N];
            (e[0], e[1]) = (1.0, x);
            (e, right)
        };
        // three of four are right at 1, one of four at -1
        let samples: Vec<(Evidence, bool)> = (0..4000)
            .map(|i| if i % 2 == 0 { sample(1.0, i % 8 != 0) } else { sample(-1.0, i % 8 == 1) })
            .collect();
        let weights = fit(&samples);
        assert!((weights[1] - 3f32.ln()).abs() < 0.02, "{weights:?}");
        assert!(weights[0].abs() < 0.02 && weights[2] == 0.0);
    }
}
