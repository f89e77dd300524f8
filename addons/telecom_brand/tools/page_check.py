"""What a brand's own page template may be: plain HTML around the place where the page's own content goes.

Allowed is a list of tags and attributes; whatever is not in it is a fault, so nothing that a browser runs, sends or
loads from another host comes through. Names and attributes by which Odoo's own scripts find their places
(`data-...`, ids, classes that begin with `o_`, `oe_`, `js_`, `s_`) are not in it either.
"""

import re

from lxml import etree, html

LONGEST = 100_000  # characters
CONTENT = "{{content}}"
NAMES = ("content", "name", "support_email", "support_phone", "footer")
TAGS = frozenset(
    [
        "a",
        "abbr",
        "address",
        "article",
        "aside",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "div",
        "dd",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "i",
        "img",
        "li",
        "main",
        "mark",
        "nav",
        "ol",
        "p",
        "pre",
        "s",
        "section",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
ATTRIBUTES = frozenset(
    ["alt", "class", "colspan", "dir", "height", "href", "lang", "role", "rowspan", "scope", "src", "title", "width"]
)
SAFE_LINK = re.compile(r"(https?://|mailto:|tel:|/(?![/\\])|#)", re.IGNORECASE)
SAFE_IMAGE = re.compile(r"(data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*|/brand/(logo|favicon))$")
TAKEN_CLASS = re.compile(r"(o|oe|js|s)_", re.IGNORECASE)
PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def read_page(text):
    """Return (the template as it will be served, []), or (None, [(line, what)]) with all its faults.

    What is served is written anew from what was understood, so that no browser can understand it otherwise.
    """
    if len(text) > LONGEST:
        return None, [(1, f"more than {LONGEST:,} characters")]
    text = PLACE.sub(lambda match: f"{{{{{match[1]}}}}}", text.replace("\x00", ""))
    root = html.fragment_fromstring(text, create_parent="div") if text.strip() else html.Element("div")
    faults = [*_faults(root), *_place_faults(root, text)]
    if faults:
        return None, sorted(set(faults), key=lambda fault: (fault[0], fault[1]))
    return _inside(root), []


def fill(served, values):
    """Return a served template with the values (HTML already, by name) in their places."""
    return PLACE.sub(lambda match: str(values.get(match[1], "")), served)


def _faults(root):
    for node in root.iter():
        line = node.sourceline or 1
        if not isinstance(node.tag, str):
            if not isinstance(node, etree._Comment):
                yield line, "an instruction"
            continue
        if node.tag not in TAGS:
            yield line, f"<{node.tag}>"
        for name, value in node.attrib.items():
            if fault := _attribute_fault(name, value):
                yield line, fault


def _attribute_fault(name, value):
    """Return what is wrong with an attribute; None when nothing is."""
    clean = re.sub(r"[\x00-\x20]+", "", value) if name == "href" else value.strip()
    if name not in ATTRIBUTES or "{{" in value:
        return name
    if name == "href" and not SAFE_LINK.match(clean):
        return "a link that is no page, e-mail or telephone number"
    if name == "src" and not SAFE_IMAGE.match(clean):
        return "a picture from elsewhere"
    if name == "class" and any(TAKEN_CLASS.match(one) for one in value.split()):
        return f'class="{value}"'
    return None


def _place_faults(root, text):
    if text.count(CONTENT) != 1 or CONTENT not in "".join(root.itertext()):
        yield 1, f"not exactly one {CONTENT}"
    for name in PLACE.findall(text):
        if name not in NAMES:
            yield 1, f"{{{{{name}}}}}"


def _inside(root):
    """Return the HTML of everything in a node, comments left out."""
    for comment in root.xpath(".//comment()"):
        comment.drop_tree() if hasattr(comment, "drop_tree") else _drop(comment)
    parts = [html.tostring(child, encoding="unicode") for child in root]
    return _escape(root.text) + "".join(parts)


def _drop(node):
    """Take a comment out and keep the text after it."""
    parent, before = node.getparent(), node.getprevious()
    if node.tail:
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    parent.remove(node)


def _escape(text):
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
