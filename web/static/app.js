/* Small helpers; pages work without them except charts. No inline handlers: the content policy forbids them. */
"use strict";
document.addEventListener("DOMContentLoaded", function () {
  var token = document.querySelector('meta[name="csrf-token"]');
  document.body.addEventListener("htmx:configRequest", function (event) {
    if (token) { event.detail.headers["X-CSRFToken"] = token.content; }
  });
  document.querySelectorAll("form[data-auto-submit]").forEach(function (form) {
    form.querySelectorAll("select").forEach(function (select) {
      select.addEventListener("change", function () { form.requestSubmit ? form.requestSubmit() : form.submit(); });
    });
  });
  document.querySelectorAll("form[data-once]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (event.submitter && event.submitter.formTarget) { return; }
      form.querySelectorAll("button[type=submit]").forEach(function (button) {
        setTimeout(function () { button.disabled = true; }, 0);
      });
    });
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-once] button[type=submit]").forEach(function (button) { button.disabled = false; });
  });
  document.querySelectorAll("input[type=file][data-list]").forEach(function (input) {
    input.addEventListener("change", function () {
      var list = document.getElementById(input.dataset.list);
      list.textContent = "";
      Array.prototype.forEach.call(input.files, function (file) {
        var item = document.createElement("li");
        item.textContent = file.name + "（" + (file.size / 1048576).toFixed(2) + " MB）";
        list.appendChild(item);
      });
    });
  });
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });
  document.querySelectorAll("[data-expand]").forEach(function (button) {
    var first = [];
    button.addEventListener("click", function () {
      var all = Array.prototype.slice.call(document.querySelectorAll(button.dataset.expand + " details"));
      var opening = button.getAttribute("aria-expanded") !== "true";
      if (opening) { first = all.filter(function (one) { return one.open; }); }
      all.forEach(function (one) { one.open = opening || first.indexOf(one) >= 0; });
      var label = button.textContent;
      button.textContent = button.dataset.otherLabel;
      button.dataset.otherLabel = label;
      button.setAttribute("aria-expanded", String(opening));
    });
  });
  function openTarget() {
    var target = window.location.hash.length > 1 && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (!target) { return; }
    for (var one = target; one; one = one.parentElement) { if (one.tagName === "DETAILS") { one.open = true; } }
    target.scrollIntoView();
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.prototype.slice.call(document.querySelectorAll("main details:not([open])"));
    closed.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () { closed.forEach(function (one) { one.open = false; }); });
  document.querySelectorAll("textarea[data-position]").forEach(function (area) {
    var place = document.getElementById(area.dataset.position);
    function tell() {
      var before = area.value.slice(0, area.selectionStart).split("\n");
      place.textContent = place.dataset.words.replace("{line}", before.length).replace("{column}", before[before.length - 1].length + 1);
    }
    ["keyup", "click", "focus", "input"].forEach(function (name) { area.addEventListener(name, tell); });
    document.querySelectorAll("[data-line]").forEach(function (button) {
      button.addEventListener("click", function () {
        var lines = area.value.split("\n"), line = Math.min(Number(button.dataset.line), lines.length);
        var start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
        area.focus();
        area.setSelectionRange(start, start + lines[line - 1].length);
        area.scrollTop = Math.max(0, (line - 5) * area.scrollHeight / Math.max(lines.length, 1));
        tell();
      });
    });
  });
});
