
(function () {
  "use strict";
  var root = document.documentElement;
  var state = { v: null, d: "", o: "", q: "", lang: root.dataset.language };

  function read() {
    var hash = location.hash.slice(1);
    if (hash.indexOf("=") < 0) return;
    new URLSearchParams(hash).forEach(function (value, key) {
      if (key === "v") state.v = value.split("");
      else if (Object.keys(state).indexOf(key) >= 0) state[key] = value;
    });
  }
  function write() {
    var parts = new URLSearchParams();
    if (state.v) parts.set("v", state.v.join(""));
    ["d", "o", "q"].forEach(function (key) { if (state[key]) parts.set(key, state[key]); });
    if (state.lang !== root.dataset.language) parts.set("lang", state.lang);
    history.replaceState(null, "", "#" + parts.toString());
  }
  function showLanguage() {
    if (["zh-CN", "en", "both"].indexOf(state.lang) < 0) state.lang = root.dataset.language;
    root.classList.remove("lang-zh", "lang-en", "lang-both");
    root.classList.add("lang-" + state.lang.slice(0, state.lang === "zh-CN" ? 2 : undefined));
    root.lang = state.lang === "en" ? "en" : "zh-CN";
    document.querySelectorAll("[data-set]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.set === state.lang));
    });
  }

  root.classList.add("js");
  read();
  showLanguage();

  document.addEventListener("DOMContentLoaded", function () {
    var form = document.getElementById("filter");
    var boxes = Array.from(form.querySelectorAll("[name=v]"));
    var groups = Array.from(document.querySelectorAll("section.req")).map(function (element) {
      return {
        element: element, dimension: element.dataset.d, text: null,
        rows: Array.from(element.querySelectorAll("tbody > tr")).map(function (row) {
          return { element: row, verdict: row.className, object: row.cells[0].textContent, text: null };
        })
      };
    });
    var names = new Set();
    groups.forEach(function (group) {
      group.rows.forEach(function (row) { names.add(row.object); });
    });
    Array.from(names).sort().forEach(function (name) {
      var option = document.createElement("option");
      option.value = option.textContent = name;
      form.elements.o.append(option);
    });

    function matches(item, words) {
      if (item.text === null) item.text = item.element.textContent.toLowerCase();
      return words.every(function (word) { return item.text.indexOf(word) >= 0; });
    }
    function apply() {
      var words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
      var shown = 0, problems = 0;
      groups.forEach(function (group) {
        var inDimension = !state.d || group.dimension === state.d;
        var wholeGroup = false;
        if (inDimension && words.length) {
          if (group.text === null) {
            group.text = Array.from(group.element.children).filter(function (child) {
              return !child.classList.contains("wide");
            }).map(function (child) { return child.textContent; }).join(" ").toLowerCase();
          }
          wholeGroup = matches(group, words);
        }
        var any = false;
        group.rows.forEach(function (row) {
          var visible = inDimension && (!state.v || state.v.indexOf(row.verdict) >= 0)
            && (!state.o || row.object === state.o)
            && (!words.length || wholeGroup || matches(row, words));
          row.element.hidden = !visible;
          if (visible) { shown += 1; any = true; }
          else if (row.verdict === "x" || row.verdict === "p") problems += 1;
        });
        group.element.hidden = !any;
      });
      document.getElementById("shown").textContent = shown;
      document.getElementById("hidden-problems").textContent = problems;
      document.getElementById("hiding").hidden = problems === 0;
    }
    function fill() {
      boxes.forEach(function (box) { box.checked = !state.v || state.v.indexOf(box.value) >= 0; });
      ["d", "o", "q"].forEach(function (key) { form.elements[key].value = state[key]; });
    }
    function change() {
      var checked = boxes.filter(function (box) { return box.checked; });
      state.v = checked.length === boxes.length ? null : checked.map(function (box) { return box.value; });
      ["d", "o", "q"].forEach(function (key) { state[key] = form.elements[key].value; });
      write();
      apply();
    }
    function clear() {
      state.v = null;
      state.d = state.o = state.q = "";
      fill();
      change();
    }

    form.hidden = false;
    form.addEventListener("input", change);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    document.getElementById("clear").addEventListener("click", clear);
    document.getElementById("failing").addEventListener("click", function () {
      state.v = ["p", "x"];
      fill();
      change();
    });
    document.getElementById("theme").addEventListener("click", function () {
      var dark = root.classList.contains("dark")
        || (!root.classList.contains("light") && matchMedia("(prefers-color-scheme: dark)").matches);
      root.classList.toggle("dark", !dark);
      root.classList.toggle("light", dark);
    });
    document.getElementById("print").addEventListener("click", function () { print(); });
    document.getElementById("print-all").addEventListener("click", function () { clear(); print(); });
    document.querySelectorAll("[data-set]").forEach(function (button) {
      button.addEventListener("click", function () {
        state.lang = button.dataset.set;
        showLanguage();
        write();
      });
    });
    window.addEventListener("hashchange", function () {
      if (location.hash.indexOf("=") < 0) {
        var target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
        if (target && target.closest("[hidden]")) { clear(); target.scrollIntoView(); }
        return;
      }
      read();
      showLanguage();
      fill();
      apply();
    });
    showLanguage();
    fill();
    apply();
  });
})();
