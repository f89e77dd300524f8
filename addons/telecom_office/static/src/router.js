import { browser } from "@web/core/browser/browser";
import { router, startUrl } from "@web/core/browser/router";
import { patch } from "@web/core/utils/patch";

const OFFICE = "office";

// The web client believes that it lives below /odoo; these people's pages are below /office.
patch(router, {
    stateToUrl(state) {
        const url = super.stateToUrl(state);
        return url.replace(new RegExp(`^/${startUrl()}(?=/|$|\\?)`), `/${OFFICE}`);
    },
    urlToState(address) {
        const url = new URL(address);
        url.pathname = url.pathname.replace(new RegExp(`^/${OFFICE}(?=/|$)`), `/${startUrl()}`);
        return super.urlToState(url);
    },
});

// the router has read the address before it was patched
router.replaceState(router.urlToState(new URL(browser.location.href)));
