(function () {
  "use strict";
  var all = function (selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  };

  // ---- a few words on what is under the pointer
  var tip = document.getElementById("tip");
  var show = function (event) {
    var mark = event.target.closest && event.target.closest("[data-tip]");
    if (!mark) { tip.hidden = true; return; }
    tip.textContent = mark.getAttribute("data-tip");
    tip.hidden = false;
    var room = document.documentElement.clientWidth - tip.offsetWidth - 8;
    var x = Math.max(8, Math.min(event.clientX + 12, room));
    var y = event.clientY + 18;
    if (y + tip.offsetHeight > window.innerHeight) y = event.clientY - tip.offsetHeight - 10;
    tip.style.left = x + "px";
    tip.style.top = y + "px";
  };
  document.addEventListener("pointermove", show);
  document.addEventListener("pointerdown", show);
  document.addEventListener("scroll", function () { tip.hidden = true; }, true);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") tip.hidden = true;
  });

  // ---- folding and filtering the tree
  var controls = document.getElementById("controls");
  if (!controls) return;
  controls.hidden = false;
  var cards = document.getElementById("cards");
  var fold = function (text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[\u0110\u0111]/g, "d")
      .toLowerCase().replace(/\s+/g, " ").trim();
  };
  var set = function (open) {
    all("details", cards).forEach(function (node) { node.open = open; });
  };
  document.getElementById("open-all").addEventListener("click", function () { set(true); });
  document.getElementById("close-all").addEventListener("click", function () { set(false); });

  var input = document.getElementById("filter");
  var output = document.getElementById("filter-count");
  var rows = null;
  var index = function () {
    rows = all("li[data-unit]", cards).map(function (node) {
      var parts = all(":scope > details > summary, :scope > p, :scope > .leaf", node);
      var text = parts.length ? all(".nm, i, .kd", parts[0]).map(function (part) {
        return part.textContent;
      }).join(" ") : "";
      return { node: node, text: fold(text + " " + node.getAttribute("data-unit")) };
    });
  };
  var filter = function () {
    if (!rows) index();
    var wanted = fold(input.value);
    cards.classList.toggle("filtered", wanted !== "");
    var found = 0;
    rows.forEach(function (row) {
      var hit = wanted !== "" && row.text.indexOf(wanted) >= 0;
      row.node.classList.toggle("hit", hit);
      row.node.classList.remove("way");
      if (hit) found += 1;
    });
    if (wanted === "") { output.textContent = ""; return; }
    all("li.hit", cards).forEach(function (node) {
      for (var up = node.parentNode; up && up !== cards; up = up.parentNode) {
        if (up.tagName === "DETAILS") up.open = true;
        if (up.tagName === "LI") up.classList.add("way");
      }
    });
    output.textContent = found === 0 ? output.getAttribute("data-none")
      : found + " " + output.getAttribute("data-some");
  };
  var waiting = 0;
  input.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
})();
