"""Are these two entries one person? Named comparisons, judgements of people, and who is who.

Nothing here judges by itself: a mistyped number, a twin or a shared telephone look alike to a
program. People compare, judge and may take a judgement back.
"""
