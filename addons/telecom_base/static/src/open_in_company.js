import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

/**
 * Opens an action with a company ticked in the company menu besides those that are ticked already.
 *
 * Lists show records of the ticked companies only; without this, the accounts of a reseller would look like none.
 * in   params.company_id, params.action (a window action)
 * A company that came after the page was loaded is unknown to the menu: the page is loaded again first.
 */
async function openInCompany(env, { params }) {
    const active = user.activeCompanies.map((company) => company.id);
    if (active.includes(params.company_id)) {
        return params.action;
    }
    if (!user.allowedCompanies.some((company) => company.id === params.company_id)) {
        return { type: "ir.actions.client", tag: "reload" };
    }
    await user.activateCompanies([...active, params.company_id], {
        includeChildCompanies: false,
        reload: false,
    });
    return params.action;
}

registry.category("actions").add("telecom_base.open_in_company", openInCompany);
