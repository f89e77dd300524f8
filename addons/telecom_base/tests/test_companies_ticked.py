from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCompaniesTicked(HttpCase):
    """Staff see the records of every tenant without having to know the company menu."""

    def _cids_after_login(self, groups, cookie=None):
        companies = self.env["res.company"].create([{"name": f"Ticked {number}"} for number in range(2)])
        user = new_test_user(
            self.env,
            f"ticked-{groups}",
            groups=groups,
            company_id=self.env.company.id,
            company_ids=[(6, 0, [self.env.company.id, *companies.ids])],
        )
        self.authenticate(user.login, user.login)
        if cookie:
            self.opener.cookies["cids"] = cookie
        self.url_open("/odoo")
        return user, self.opener.cookies.get("cids")

    def test_staff_start_with_every_company_of_theirs(self):
        user, cids = self._cids_after_login("telecom_base.group_support")
        self.assertEqual({int(number) for number in cids.split("-")}, set(user.company_ids.ids))
        self.assertEqual(int(cids.split("-")[0]), user.company_id.id)

    def test_a_choice_made_before_stays(self):
        own = str(self.env.company.id)
        _user, cids = self._cids_after_login("telecom_base.group_support", cookie=own)
        self.assertEqual(cids, own)

    def test_other_internal_users_keep_one_company(self):
        _user, cids = self._cids_after_login("base.group_user")
        self.assertFalse(cids)
