"""bc: the package of that name. The results are those of GNU bc."""

from cases import Case, outcome, parametrize


def bc(name, text, *results, options="", status=0):
    lines = "".join(line + "\n" for line in results)
    return Case(name, f"bc {options} 2>&1", text + "\n", lines, status)


CASES = [
    bc("arithmetic", "1+2*3\n-7/2\n10%3\n-3%2\n2^10\n-2^2\n(1+2)*(3+4)", "7", "-3", "1", "-1", "1024", "4", "21"),
    bc("scale", "scale=5\n2/3\n10%3\n1.50*2\n2^-2\n.5\n0.0\n-0.5", ".66666", ".00001", "3.00", ".25000", ".5", "0", "-.5"),
    bc("many-digits", "2^100\n100!=5\nlength(2^200)", "1267650600228229401496703205376", "1", "61"),
    bc("long-lines", "2^300", "20370359763344860862684456884093781610514683936659362506361404493543\\", "81299763336706183397376"),
    bc("variables", "a=5\na+=3\na++ + 1\na\n++a\nx[2]=7\nx[2]*2\nb=c=3;b*c\nlast+1\n.", "9", "9", "10", "14", "9", "10", "10"),
    bc("loops", "for (i=0;i<3;i++) i\nwhile (i<10) { i+=1; if (i==5) continue; if (i>6) break; i }", "0", "1", "2", "4", "6"),
    bc("choices", 'if (1) 2 else 3\nif (0) {\n"yes"\n} else {\n"no\n"\n}\n3>4 || 2<3\n!0 && 1', "2", "no", "1", "1"),
    bc("functions", "define f(n) {\nif (n<2) return (1)\nreturn (n*f(n-1))\n}\nf(20)\n"
       "define g(a[],n) { auto i,s; for(i=0;i<n;i++) s+=a[i]; a[0]=9; return s }\nx[0]=1;x[1]=2\ng(x[],3)\nx[0]",
       "2432902008176640000", "3", "1"),
    bc("bases", "obase=2;10;obase=16;255.5;obase=100;12345;obase=A;ibase=16;FF;A", "1010", "FF.8", " 01 23 45", "255", "10"),
    bc("print", 'print "x=", 2+3, "\\n"\n"a"; 5', "x=5", "a5"),
    bc("library", "s(1)\nc(1)\na(1)*4\nl(2)\ne(1)\ne(-1)", ".84147098480789650665", ".54030230586813971740", "3.14159265358979323844",
       ".69314718055994530941", "2.71828182845904523536", ".36787944117144232159", options="-l"),
    bc("roots", "sqrt(16)\nscale=10;sqrt(2)", "4", "1.4142135623"),
    bc("comments", "/* a\nb */ 5\n3 # x", "5", "3"),
    bc("errors", "1/0\n1 +)\nf(1)\n4=5\n2", "bc: divide by zero", "bc: syntax error", "bc: function f is not defined",
       "bc: assignment to something that is no variable", "2", status=1),
    bc("recursion-has-a-limit", "define f(x) { return f(x+1) }\nf(1)\n7", "bc: functions nested too deeply", "7", status=1),
    bc("nesting-takes-no-stack", "(" * 300 + "1" + ")" * 300, "1"),
]  # fmt: skip


@parametrize(CASES)
def test_bc(sim, case):
    assert outcome(sim, CASES, case) == (case.stdout, case.status)
