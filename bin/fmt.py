# fmt - fill the lines of paragraphs
# usage: fmt [-cstu] [-WIDTH] [-w WIDTH] [-g GOAL] [FILE...]
#
# Copy each FILE, or standard input, with the words of each paragraph put into lines of less than WIDTH (75) columns.
# A paragraph ends at a blank line and where the indentation changes; it keeps its own.
#   -w, --width  at most that wide      -g, --goal  what lines aim at (93 of 100 of WIDTH)
#   -s, --split-only  long lines are split, short ones are not joined
#   -u, --uniform-spacing  one blank between words, two behind a sentence
#   -c, --crown-margin  the first two lines of a paragraph may be indented differently, the rest is as the second
#   -t, --tagged-paragraph  as -c, and where they do not differ each line is a paragraph
# Deviations: columns are characters, not bytes, and there is no -p.

from base.errors import Usage
from program import inputs, options, status

proc = None

LONG = (
    ("crown-margin", "c"),
    ("goal", "g"),
    ("split-only", "s"),
    ("tagged-paragraph", "t"),
    ("uniform-spacing", "u"),
    ("width", "w"),
)
WIDTH_MAX = 2500


async def __main__(args):
    from text.fill import Filler

    opts, files = options(args, "cg:stuw:", LONG, "w")
    goal = opts.number("g", -1)
    width = opts.number("w", 75 if goal < 0 else goal + 10)
    if goal < 0:
        goal = width * 187 // 200
    if not 0 <= width <= WIDTH_MAX or goal > width:
        raise Usage("not a width", opts["w"] or opts["g"])
    way = "s" if "s" in opts else "c" if "c" in opts else "t" if "t" in opts else ""
    for _, stream in inputs(files):
        filler = Filler(width, goal, way, "u" in opts, proc.stdout.write)
        while line := await stream.readline():
            filler.add(line)
        filler.end()
    return status()
