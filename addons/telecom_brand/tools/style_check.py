"""What a brand's own style may say: everything but what loads from elsewhere or runs.

A style is served to visitors of that brand's hosts only, so it can spoil nobody else's pages. It must not tell other
hosts who visits (`url()`, `@import`, `@font-face`), nor smuggle a script into old browsers.
"""

import tinycss2

LONGEST = 50_000  # characters
GROUPS = ("media", "supports", "layer", "container")  # rules in rules
KEYFRAMES = ("keyframes", "-webkit-keyframes")
LOADING = ("url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "element", "expression", "attr")
RUNNING = ("behavior", "-moz-binding", "-ms-behavior")


def style_faults(text):
    """Return [(line, what)] of everything in a style that a brand may not have; empty when it is good."""
    if len(text) > LONGEST:
        return [(1, f"more than {LONGEST:,} characters")]
    if "</" in text:
        return [(1 + text[: text.index("</")].count("\n"), "</")]
    return sorted(set(_rules(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))))


def _rules(nodes):
    for node in nodes:
        if node.type == "error":
            yield node.source_line, node.message
        elif node.type == "at-rule":
            yield from _at_rule(node)
        elif node.type == "qualified-rule":
            yield from _tokens(node.prelude)
            yield from _declarations(node.content)


def _at_rule(node):
    name = node.lower_at_keyword
    if name not in GROUPS + KEYFRAMES:
        yield node.source_line, f"@{name}"
        return
    yield from _tokens(node.prelude)
    if node.content:
        yield from _rules(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True))


def _declarations(content):
    """Look at a block's declarations, and at rules nested in it."""
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if node.type == "declaration":
            if node.lower_name in RUNNING:
                yield node.source_line, node.lower_name
            yield from _tokens(node.value)
        else:
            yield from _rules([node])


def _tokens(tokens):
    for token in tokens or ():
        if token.type == "url":
            yield token.source_line, "url()"
        elif token.type == "function":
            if token.lower_name in LOADING:
                yield token.source_line, f"{token.lower_name}()"
            yield from _tokens(token.arguments)
        elif token.type == "error":
            yield token.source_line, token.message
        elif token.type in ("() block", "[] block", "{} block"):
            yield from _tokens(token.content)
