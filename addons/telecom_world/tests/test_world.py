import phonenumbers
from odoo.tests import BaseCase, tagged
from phonenumbers import PhoneNumberType as Type

from ..tools.world import world_destinations

KINDS = {
    Type.FIXED_LINE: "fixed",
    Type.MOBILE: "mobile",
    Type.FIXED_LINE_OR_MOBILE: "fixed",
    Type.TOLL_FREE: "freephone",
    Type.PREMIUM_RATE: "premium",
    Type.SHARED_COST: "shared",
    Type.VOIP: "voip",
    Type.PERSONAL_NUMBER: "personal",
    Type.PAGER: "other",
    Type.UAN: "other",
    Type.VOICEMAIL: "other",
}
NOT_TOLD_APART = {"fixed", "mobile"}
KNOWN_WRONG = 8  # of 1,374: told apart only by the length of the number


@tagged("post_install", "-at_install")
class TestWorld(BaseCase):
    """The library's own example numbers and judgement, against the prefixes that we make of its plans."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.by_prefix = {prefix: one for one in world_destinations() for prefix in one.prefixes}

    def of(self, digits):
        return next(self.by_prefix[digits[:n]] for n in range(len(digits), 0, -1) if digits[:n] in self.by_prefix)

    def test_every_country_code_has_a_destination(self):
        codes = {one.country_code for one in world_destinations()}
        self.assertEqual(codes, {str(code) for code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE})
        for code in codes:
            self.assertIn(code, self.by_prefix)

    def test_a_prefix_belongs_to_one_destination_and_a_key_is_used_once(self):
        prefixes = [prefix for one in world_destinations() for prefix in one.prefixes]
        keys = [one.key for one in world_destinations()]
        self.assertEqual((len(prefixes), len(keys)), (len(set(prefixes)), len(set(keys))))
        self.assertTrue(900 < len(keys) < 1_200 and len(prefixes) < 7_000)

    def test_example_numbers_go_where_the_numbering_plan_says(self):
        wrong, right = [], 0
        for region in phonenumbers.SUPPORTED_REGIONS:
            for kind in KINDS:
                if example := phonenumbers.example_number_for_type(region, kind):
                    digits = f"{example.country_code}{phonenumbers.national_significant_number(example)}"
                    found, meant = self.of(digits), KINDS[phonenumbers.number_type(example)]
                    main = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[example.country_code][0]
                    same_kind = found.kind == meant or {found.kind, meant} == NOT_TOLD_APART
                    if found.country in (region, main) and same_kind:
                        right += 1
                    else:
                        wrong.append((region, meant, digits, found.key))
        self.assertLessEqual(len(wrong), KNOWN_WRONG, wrong)
        self.assertGreater(right, 1_300)

    def test_some_that_people_know(self):
        for digits, key in (
            ("447400123456", "GB-mobile"),
            ("442079460000", "GB-fixed"),
            ("441481256789", "GG-fixed"),
            ("4915112345678", "DE-mobile"),
            ("4930123456", "DE-fixed"),
            ("498001234567", "DE-freephone"),
            ("12125550100", "US-fixed"),
            ("14165550100", "CA-fixed"),
            ("18005550100", "US-freephone"),
            ("77011234567", "KZ-mobile"),
            ("79161234567", "RU-mobile"),
            ("870773111632", "870"),
        ):
            self.assertEqual(self.of(digits).key, key, digits)
