"""How the figures of a pack are made, in paragraphs: the same words in every document."""

from heardback.reports.content import PackContent

HIDING = "Numbers that are not shown"
LOOPS = """Comments that say the same thing to one service share a loop. Rates count comments, so that a thing said by \
many weighs more; beside them stand the same rates of loops."""
INTERVALS = """95 %, after Wilson; of gaps after Newcombe; of medians after Brookmeyer and Crowley. They say how far a \
figure could be off by chance in numbers as small as these; they do not cover people who were never asked."""
CONTROL_CHART = """XmR: the mean of the first twelve months and 2.66 times their mean moving range either way, then \
locked. Signals: a point outside the limits, seven or more on one side of the mean, seven or more rising or falling."""
HIDDEN = """Counts from 1 to {below}, and rates on fewer than {base}, are c; zero is shown. More cells are hidden \
until no hidden number can be worked out from all that is printed here and in earlier releases, and that is checked \
before release."""
AGAIN = """This pack is rebuilt from the history of every loop. The same history and the same as-of day give the same \
figures. Every figure is also in figures-{month}.xlsx, .csv and .json."""


def method(content: PackContent) -> list[tuple[str, str]]:
    """Heading and text of each paragraph, in the order in which they are read."""
    return [
        ("Comments and loops", LOOPS),
        ("Intervals", INTERVALS),
        ("The control chart", CONTROL_CHART),
        (HIDING, HIDDEN.format(below=content.small_count - 1, base=content.small_base)),
        ("The same again", AGAIN.format(month=content.period.label)),
    ]
