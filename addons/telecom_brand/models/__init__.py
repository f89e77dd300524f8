from . import (
    base,
    ir_http,
    ir_qweb,
    mail_mail,
    mail_message,
    res_users,
    telecom_brand,
    telecom_brand_host,
    telecom_brand_page,
    telecom_brand_shown,
    telecom_tenant,
    website,
)
