"""Messages, followers, activities, channels and files of a party."""

from odoo.fields import Command


def build_house(env, name, user):
    """The office's talk: log, activity, plan, alias, channels, a file."""
    contact = env["res.partner"].search([("name", "=", name), ("user_ids", "=", False)], limit=1)
    _talk(env, name, contact, user)
    by_user = env(user=user.id, su=True)
    partner_model = env["ir.model"]._get_id("res.partner")
    plan = env["mail.activity.plan"].create({"name": name, "res_model": "res.partner", "company_id": env.company.id})
    kind = env.ref("mail.mail_activity_data_todo")
    env["mail.activity.plan.template"].create({"plan_id": plan.id, "summary": name, "activity_type_id": kind.id})
    companies = [Command.set(env.company.ids)]
    domain = env["mail.alias.domain"].create({"name": f"{name.lower()}.example", "company_ids": companies})
    env["mail.alias"].create(
        {"alias_name": name.lower(), "alias_model_id": partner_model, "alias_domain_id": domain.id,
         "alias_parent_model_id": partner_model, "alias_parent_thread_id": contact.id}
    )  # fmt: skip
    env["mail.canned.response"].create({"source": name, "substitution": name})
    by_user["mail.scheduled.message"].create(
        {"author_id": user.partner_id.id, "model": "res.partner", "res_id": contact.id, "subject": name, "body": name,
         "scheduled_date": "2030-01-01 00:00:00"}
    )  # fmt: skip
    env["ir.filters"].create({"name": name, "model_id": "res.partner", "user_ids": [Command.set(user.ids)]})
    exported = [Command.create({"name": name})]
    by_user["ir.exports"].create({"name": name, "resource": "res.partner", "export_fields": exported})
    env["discuss.channel"].create({"name": name, "channel_type": "channel", "group_public_id": False})


def build_customer(env, name, partner, user):
    """What a customer's people and the office say to each other."""
    _talk(env, name, partner, user)
    env["ir.filters"].create({"name": name, "model_id": "res.partner", "user_ids": [Command.set(user.ids)]})


def _talk(env, name, contact, user):
    message = contact.message_post(body=name, subject=name, message_type="comment", subtype_xmlid="mail.mt_comment")
    env["mail.notification"].create(
        {"mail_message_id": message.id, "res_partner_id": user.partner_id.id, "notification_type": "inbox"}
    )
    contact.message_subscribe(partner_ids=user.partner_id.ids)
    contact.activity_schedule("mail.mail_activity_data_todo", summary=name, note=name, user_id=env.user.id)
    env["ir.attachment"].create({"name": name, "raw": name.encode(), "res_model": "res.partner", "res_id": contact.id})
    env["ir.attachment"].create({"name": name, "raw": name.encode()})
    members = [Command.create({"partner_id": user.partner_id.id})]
    channel = env["discuss.channel"].create({"name": name, "channel_type": "group", "channel_member_ids": members})
    said = channel.message_post(body=name, message_type="comment", subtype_xmlid="mail.mt_comment")
    env["mail.message.reaction"].create({"message_id": said.id, "content": "!", "partner_id": user.partner_id.id})
    env["discuss.call.history"].create(
        {"channel_id": channel.id, "start_call_message_id": message.id, "start_dt": "2026-01-01 00:00:00"}
    )
    guest = env["mail.guest"].create({"name": name})
    env["discuss.channel.member"].create({"channel_id": channel.id, "guest_id": guest.id})
    env["mail.presence"].create({"user_id": user.id, "status": "online"})
    tracked = {"field_id": env["ir.model.fields"]._get("res.partner", "name").id, "new_value_char": name}
    env["mail.tracking.value"].create({**tracked, "mail_message_id": message.id})
