import base64

from odoo.tests import BaseCase, tagged

from ..tools.colour import DARK, LIGHT, ink, link
from ..tools.host_name import asked_host, host_name
from ..tools.mail_dress import dress
from ..tools.page_check import fill, read_page
from ..tools.picture import picture_fault
from ..tools.style_check import style_faults
from .common import picture


@tagged("post_install", "-at_install")
class TestBrandTools(BaseCase):
    def test_host_names_are_what_a_browser_asks_for(self):
        for typed, expected in (
            ("Phone.North.Example", "phone.north.example"),
            ("https://phone.north.example:8443/web/login?x=1", "phone.north.example"),
            ("phone.north.example.", "phone.north.example"),
            ("münchen.example", "xn--mnchen-3ya.example"),
            ("north.localhost", "north.localhost"),
        ):
            with self.subTest(typed):
                self.assertEqual(host_name(typed), expected)

    def test_what_is_no_host_name_is_refused_with_a_reason(self):
        broken = ["", "  ", "localhost", "127.0.0.1", "[::1]", "a..b", "-a.example", "a b.example", "a.123", "[bad"]
        for typed in (*broken, "*.example", "x" * 64 + ".example", "http://", "a_b.example", "a.example@"):
            with self.subTest(typed), self.assertRaisesRegex(ValueError, "^it "):
                self.assertEqual(host_name(typed), "never", "this is no name of one host")
            self.assertEqual(asked_host(typed), "")

    def test_a_style_may_not_load_or_run(self):
        for text, what in (
            ("@import 'x.css';", "@import"),
            ("@font-face { src: local(x) }", "@font-face"),
            (".a { background: url(https://spy.example/x) }", "url()"),
            (".a { background: url('x') }", "url()"),
            (".a { background: \\75 rl(x) }", "url()"),
            (".a { background: image-set('x' 1x) }", "image-set()"),
            (".a { --x: url(x) }", "url()"),
            ("@media screen { .a { content: url(x) } }", "url()"),
            (".a { .b { background: url(x) } }", "url()"),
            ("@supports (background: url(x)) { .a { color: red } }", "url()"),
            (".a { behavior: x }", "behavior"),
            (".a { width: expression(alert(1)) }", "expression()"),
            ("</style><script>", "</"),
            ("\n\n@charset 'utf-7';", "@charset"),
        ):
            with self.subTest(text):
                self.assertIn(what, [fault for _line, fault in style_faults(text)])
        self.assertEqual([line for line, _what in style_faults("\n\n.a { background: url(x) }")], [3])

    def test_an_ordinary_style_is_good(self):
        text = (
            ":root { --x: 1px } /* url(x) */ .a:hover > .b::after { content: 'x'; color: rgb(1 2 3 / 50%);"
            " background: linear-gradient(red, blue); width: calc(100% - var(--x)) }"
            "@media (max-width: 40rem) { .a { display: none } } @keyframes k { from { top: 0 } to { top: 1px } }"
        )
        self.assertEqual(style_faults(text), [])
        self.assertTrue(style_faults("a" * 50_001))

    def test_a_page_may_not_run_send_or_load(self):
        for body, what in (
            ("<script>alert(1)</script>", "<script>"),
            ('<p onclick="x()">x</p>', "onclick"),
            ('<a href="javascript:alert(1)">x</a>', "a link"),
            ('<a href="java\tscript:alert(1)">x</a>', "a link"),
            ('<a href="//evil.example">x</a>', "a link"),
            ('<a href="data:text/html,x">x</a>', "a link"),
            ('<img src="https://spy.example/x.png">', "a picture from elsewhere"),
            ('<img src="/web/session/logout">', "a picture from elsewhere"),
            ('<img src="data:image/svg+xml;base64,AA==">', "a picture from elsewhere"),
            ('<form action="https://evil.example"><input name="password"></form>', "<form>"),
            ("<iframe src='/my'></iframe>", "<iframe>"),
            ("<svg><animate onbegin=x /></svg>", "<svg>"),
            ("<style>a{}</style>", "<style>"),
            ('<p style="position:fixed">x</p>', "style"),
            ('<p id="wrapwrap">x</p>', "id"),
            ('<p data-bs-toggle="tooltip">x</p>', "data-bs-toggle"),
            ('<p class="o_portal">x</p>', "class="),
            ('<owl-component name="x"></owl-component>', "<owl-component>"),
            ("<t t-out='request'>x</t>", "<t>"),
            ("{{secret}}", "{{secret}}"),
        ):
            with self.subTest(body):
                served, faults = read_page(body + "{{content}}")
                self.assertIsNone(served)
                self.assertTrue(any(what in fault for _line, fault in faults), faults)

    def test_a_page_has_one_place_for_its_content(self):
        for body in ("<p>no place</p>", "{{content}}{{content}}", "<!-- {{content}} -->", ""):
            with self.subTest(body):
                self.assertIsNone(read_page(body)[0])
        self.assertIsNone(read_page("x" * 100_001 + "{{content}}")[0])

    def test_an_ordinary_page_is_served_as_it_was_understood(self):
        body = '<section class="container"><h1>Hello &amp; {{ name }}</h1><!-- x -->{{content}}<br><a href="/my">In</a>'
        served, faults = read_page(body)
        self.assertEqual(faults, [])
        filled = fill(served, {"name": "N", "content": "<b>C</b>"})
        self.assertEqual(
            filled, '<section class="container"><h1>Hello &amp; N</h1><b>C</b><br><a href="/my">In</a></section>'
        )

    def test_pictures_are_pixels_of_a_size(self):
        def stored(content):
            return base64.b64encode(content).decode()

        for kind in ("PNG", "JPEG", "GIF"):
            self.assertEqual(picture_fault(picture(kind=kind)), "")
        svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
        self.assertIn("no PNG", picture_fault(stored(svg)))
        self.assertIn("no PNG", picture_fault(stored(b"<html>")))
        self.assertIn("no PNG", picture_fault(picture(kind="BMP")))
        self.assertIn("no PNG", picture_fault(picture()[:20]))
        self.assertIn("MB", picture_fault(stored(b"\x89PNG" + bytes(1_100_000))))
        self.assertIn("5000 x 1", picture_fault(picture(size=(5000, 1))))

    def test_text_can_be_read_on_every_colour(self):
        self.assertEqual([ink(colour) for colour in ("#000000", "#1f2a44", "#ffffff", "#ffee00")],
                         [LIGHT, LIGHT, DARK, DARK])  # fmt: skip

        self.assertEqual((link("#ffee00", "#1f2a44"), link("#ffee00", "#ffff99")), ("#1f2a44", DARK))

    def test_mail_is_dressed_once_and_names_no_maker(self):
        body = (
            '<p>Hello <img src="https://x.test/logo.png?company=1"></p><p>1 &lt; 2</p>'
            '<p>Powered by <a href="https://www.odoo.com?utm_source=db">Odoo</a></p>'
        )
        dressed = dress(body, name="N & Co", logo_url="https://n.test/brand/logo", colour="#aa3300", footer="F")
        for word in ("odoo", "Powered", "company=1"):
            self.assertNotIn(word, dressed)
        for word in ("Hello", "1 &lt; 2", "N &amp; Co", 'src="https://n.test/brand/logo"', "#aa3300", "F"):
            self.assertIn(word, dressed)
