/* The inputs of a step, made from its description; names are those of the office form, so that panels fit in. */
import { h, t } from "./dom.js";

const PREFIX = "field.";

function choice(field, type, value, title, given) {
  const id = `${PREFIX}${field.id}-${value}`;
  return h("label.pick", { for: id }, h("input", { type, id, name: PREFIX + field.id, value, checked: given.includes(value) }), h("span", {}, title));
}

function single(field, given, colleagues) {
  const name = PREFIX + field.id, attributes = { id: name, name, class: "form-control", autocomplete: "off" };
  if (field.type === "text") { return [h("textarea", { ...attributes, rows: "3", maxlength: "20000" }, given[0] || "")]; }
  if (field.type === "enum") {
    const select = h("select", { ...attributes, class: "form-select" }, h("option", { value: "" }, t("请选择")),
      ...field.values.map(([value, title]) => h("option", { value, selected: given.includes(value) }, title)));
    return [select];
  }
  const types = { date: "date", datetime: "datetime-local" }, modes = { int: "numeric", decimal: "decimal" };
  const input = h("input", { ...attributes, type: types[field.type] || "text", inputmode: modes[field.type] || null, maxlength: "500", value: given[0] || "" });
  if (!field.officer || !colleagues.length) { return [input]; }
  input.setAttribute("list", `${name}-list`);
  return [input, h("datalist", { id: `${name}-list` }, ...colleagues.map(([number, person]) => h("option", { value: number }, person)))];
}

function input(field, values, colleagues) {
  const found = values[field.id], given = Array.isArray(found) ? found : found ? [found] : [];
  const label = [field.title, field.required ? h("span.need", { title: t("必填") }, "*") : null, field.unit ? h("span.soft", {}, `（${field.unit}）`) : null];
  const notes = [field.personal ? h("div.form-text", {}, t("个人信息：依法保护。")) : null, field.help ? h("div.form-text", {}, field.help) : null];
  const few = field.type === "bool" || (field.type === "enum" && field.values.length <= 6) || (field.type === "set" && field.values.length > 0);
  const options = field.type === "bool" ? [["true", t("是")], ["false", t("否")]] : field.values;
  const body = few
    ? [h("legend", {}, ...label), h("div.picks", {}, ...options.map(([value, title]) => choice(field, field.type === "set" ? "checkbox" : "radio", value, title, given)))]
    : [h("label.form-label", { for: PREFIX + field.id }, ...label), ...single(field, given, colleagues)];
  return h("fieldset", { "data-field": field.id }, ...body, ...notes);
}

/** The inputs of fields, filled with what was typed before. */
export const inputs = (fields, values, colleagues) => fields.map((field) => input(field, values, colleagues));

/** What stands in a form, by field; several answers are a list. */
export function read(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (!name.startsWith(PREFIX) || typeof value !== "string" || !value.trim()) { continue; }
    const key = name.slice(PREFIX.length);
    values[key] = key in values ? [].concat(values[key], value) : value;
  }
  return values;
}

/** Marks what the platform refused at its input; what belongs to none stands above the form. */
export function mark(form, problems) {
  form.querySelectorAll(".invalid").forEach((one) => one.remove());
  form.querySelectorAll(".is-wrong").forEach((one) => one.classList.remove("is-wrong"));
  const above = [];
  for (const problem of problems) {
    const text = [problem.message, problem.fix].filter(Boolean).join(" ");
    const place = form.querySelector(`[data-field="${CSS.escape(problem.at.replace(PREFIX, ""))}"], [data-material="${CSS.escape(problem.at.replace("material.", ""))}"]`);
    if (!place) { above.push(text); continue; }
    place.classList.add("is-wrong");
    place.append(h("div.invalid", { role: "alert" }, text));
  }
  if (above.length) { form.prepend(h("div.invalid.above", { role: "alert" }, ...above.map((text) => h("div", {}, text)))); }
  const first = form.querySelector(".is-wrong, .invalid");
  if (first) { first.scrollIntoView({ block: "center" }); }
}

/** Required fields that are still empty. */
export const missing = (fields, values) => fields.filter((field) => field.required && !(field.id in values))
  .map((field) => ({ at: PREFIX + field.id, message: t("请填写“{title}”。", { title: field.title }), fix: "" }));
