from odoo import fields, models

UNSOLD = {"no_rate", "no_route", "unprofitable"}


class TelecomPriceAndRoute(models.TransientModel):  # pylint: disable=no-wizard-in-models  # one of another addon
    """What customers are told of a call that they think of: their own price, classes and credit, in their words.

    How calls go, what they cost those above and why these refuse them is no business of theirs: such a refusal says
    only that the call is not possible.
    """

    _inherit = "telecom.price.and.route"

    def _told_outside(self, phone, number, seconds):
        """Return whether a call from a telephone would start now, why not, and how its price comes about.

        `starts`; `words`; `is_free`: a call within the house; `steps`: lines; `left_s` and `covers_s` of included
        minutes, None without any. UserError for a bad question.
        """
        asked = self.new(
            {
                "way": "outbound",
                "account_id": phone.account_id.id,
                "phone_id": phone.id,
                "number": number,
                "seconds": seconds,
                "called_at": fields.Datetime.now(),
            }
        )
        account, page = phone.account_id, asked.answer()
        levels = [level for level in page.get("levels", []) if level["account_id"] == account.id]
        included = levels[0].get("included") if levels else None
        return {
            "starts": "refused" not in page,
            "words": self._refusal_outside(page, account) if "refused" in page else "",
            "is_free": page.get("direction") == "internal",
            "steps": [line for level in levels for line in (*level["tariff"], *level["steps"])],
            "left_s": included and included["left_s"],
            "covers_s": included and included["covers_s"],
        }

    def _refusal_outside(self, page, account):
        """Return why a call would not start, without a word about anybody above the customer."""
        reason = page["refused"]
        if reason == "barred":
            return self._bar_outside(page, account)
        if reason == "bad_number":
            return self.env._("This is no number that can be called.")
        if reason in UNSOLD:
            return self.env._("This number cannot be called. Ask your provider.")
        words = self._own_state(page, account)
        return words or self.env._("This call is not possible at the moment. Ask your provider.")

    def _own_state(self, page, account):
        """Return what is the matter with the customer's own account; nothing when it is somebody above."""
        reason = page["refused"]
        if reason == "no_credit" and not all(one["enough"] for one in self._own(page, account)):
            return self.env._("Your credit does not pay for the first second of this call.")
        if reason == "spend_limit":
            return self._own_limit(page, account)
        if reason == "suspended" and account.state != "active":
            return self.env._("Your account is not active. Ask your provider.")
        if reason == "too_many_calls" and any(one["living"] >= one["most"] for one in page.get("limits", [])):
            return self.env._("As many calls as your account may have at once are in progress.")
        return None

    def _own_limit(self, page, account):
        """Return which limit of spending or fraud rule of the customer's own account leaves no room for the call."""
        rule = next((one["rule"] for one in self._own(page, account) if not one["enough"]), None)
        if rule is None and any(one["breaks"] for one in self._own_rules(page, account)):
            rule = "fraud"
        return {
            "locked": self.env._("Your account is locked since it reached a limit. Ask your provider to unlock it."),
            "call": self.env._("This call would cost more than one call of your account may cost."),
            "day": self.env._("Your account has spent what it may spend on calls today."),
            "night": self.env._("Your account has spent what it may spend on calls at night."),
            "fraud": self.env._("So many calls of this kind look like misuse: this one would lock your account."),
        }.get(rule)

    def _own_rules(self, page, account):
        return [one for one in page.get("fraud_rules", []) if one["account_id"] == account.id]

    def _own(self, page, account):
        return [one for one in page.get("credit", {}).get("levels", []) if one["account_id"] == account.id]

    def _bar_outside(self, page, account):
        own = [
            one["class"]
            for one in page.get("classes", [])
            if one["account_id"] == account.id and one["set_by"] == "customer" and not one["allows"]
        ]
        if own:
            return self.env._("Your class of service %s bars this number.", own[0])
        return self.env._("Calls to this number are barred. Ask your provider.")
