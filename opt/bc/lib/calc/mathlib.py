# The functions of bc -l, in bc: each works with some digits more than the result has.

TEXT = (
    """define e(x) { auto a, b, n, s, k, m, z
z = scale; if (x < 0) { m = 1; x = -x }
scale = z + 6 + .44 * x
while (x > 1) { k += 1; x /= 2 }
s = 1 + x; a = x; b = 1
for (n = 2; 1; n++) { a *= x; b *= n; if (a / b == 0) break; s += a / b }
while (k > 0) { s *= s; k -= 1 }
scale = z; if (m) return (1 / s); return (s / 1) }
""",
    """define l(x) { auto a, b, n, s, k, z
z = scale; if (x <= 0) return ((1 - 10 ^ scale) / 1)
scale = z + 6; k = 2
while (x >= 2) { k *= 2; x = sqrt(x) }
while (x <= .5) { k *= 2; x = sqrt(x) }
a = (x - 1) / (x + 1); b = a * a; s = a; n = 1
while (1) { n += 2; a *= b; if (a / n == 0) break; s += a / n }
scale = z; return (k * s / 1) }
""",
    """define s(x) { auto a, b, n, s, m, z
z = scale; scale = 1.1 * z + 2; a = a(1)
if (x < 0) { m = 1; x = -x }
scale = 0; n = (x / a + 2) / 4; x = x - 4 * n * a; if (n % 2) x = -x
scale = z + 4; s = a = x; b = -x * x
for (n = 3; 1; n += 2) { a *= b / (n * (n - 1)); if (a == 0) break; s += a }
scale = z; if (m) return (-s / 1); return (s / 1) }
""",
    """define c(x) { auto v, z
z = scale; scale = scale * 1.2 + 1; v = s(x + a(1) * 2); scale = z; return (v / 1) }
""",
    """define a(x) { auto a, e, f, m, n, s, v, z
m = 1; if (x < 0) { m = -1; x = -x }
z = scale; scale = z + 5
if (x > .2) { v = 0; scale = z + 5; a = a(.2) }
f = 0
while (x > .2) { f += 1; x = (x - .2) / (1 + .2 * x) }
v = x; n = x; s = -x * x
for (e = 3; 1; e += 2) { n *= s; if (n / e == 0) break; v += n / e }
scale = z; return ((f * a + v) / m) }
""",
)
