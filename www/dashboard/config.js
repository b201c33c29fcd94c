// The settings of the node: a field for each, of which those that were changed are sent.

import { h } from "../dom.js";
import { request } from "./rest.js";

const PLACE = "/config/api";

/** Fill the form with the settings, and save what the user changes; say(text, bad) reports. */
export async function settings(form, say) {
  const before = await request(PLACE);
  const fields = Object.entries(before).sort().map(([name, value]) => h("input", typeof value === "boolean"
    ? { name, type: "checkbox", checked: value } : { name, value: String(value), type: typeof value === "number" ? "number" : "text", autocomplete: "off", autocapitalize: "none", spellcheck: "false" }));
  const value = (field) => (field.type === "checkbox" ? field.checked : field.type === "number" ? Number(field.value) : field.value);
  form.replaceChildren(h("div", { class: "settings" }, fields.map((field) => h("label", {}, field.name, field))), h("div", { class: "row" }, h("button", { class: "primary" }, "Save")));
  form.onsubmit = async (event) => {
    event.preventDefault();
    const changed = Object.fromEntries(fields.filter((field) => value(field) !== before[field.name]).map((field) => [field.name, value(field)]));
    try {
      const { result, state, failed = [] } = await request(PLACE, changed);
      say([result, ...failed].join(", "), !state);
      await settings(form, say);
    } catch (error) { say(error.message, true); }
  };
}
