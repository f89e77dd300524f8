import { registry } from "@web/core/registry";
import { IntegerField, integerField } from "@web/views/fields/integer/integer_field";
import { useInputField } from "@web/views/fields/input_field_hook";
import { useNumpadDecimal } from "@web/views/fields/numpad_decimal_hook";
import { parseInteger } from "@web/views/fields/parsers";
import { useState } from "@odoo/owl";

/** A whole number that may be cleared: Odoo's own field makes 0 of an empty input. */
export class LimitField extends IntegerField {
    setup() {
        this.state = useState({ hasFocus: false });
        useInputField({
            getValue: () => this.formattedValue,
            refName: "numpadDecimal",
            parse: (text) => (text.trim() ? parseInteger(text) : false),
        });
        useNumpadDecimal();
    }
}

registry.category("fields").add("telecom_limit", { ...integerField, component: LimitField });
