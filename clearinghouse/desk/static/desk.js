// Keys for verdicts, and marks from selected text. Every action works without it.
"use strict";
(() => {
  const form = document.getElementById("verdict");
  if (!form) return;
  const box = document.getElementById("leak-box");
  const leaks = document.getElementById("leaks");
  const entity = document.getElementById("entity");
  const told = document.getElementById("told");
  const button = document.getElementById("mark");
  const signs = (text) => Array.from(text).length; // code points, as the store counts

  // Where the selection stands: part, first and last code point; null for none.
  const place = () => {
    const chosen = getSelection();
    if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return null;
    const range = chosen.getRangeAt(0);
    const start = range.startContainer.parentElement?.closest("[data-part]");
    const end = range.endContainer.parentElement?.closest("[data-part]");
    if (!start || start !== end) return null;
    const before = document.createRange();
    before.selectNodeContents(start);
    before.setEnd(range.startContainer, range.startOffset);
    const first = signs(before.toString());
    return `${start.dataset.part}:${first}-${first + signs(range.toString())}`;
  };

  const mark = () => {
    const found = place();
    told.textContent = found ? "" : told.dataset.none;
    if (!found) return false;
    const line = `${entity.value} ${found}`;
    leaks.value = leaks.value.trim() ? `${leaks.value.trim()}\n${line}` : line;
    box.open = true;
    getSelection().removeAllRanges();
    told.textContent = line;
    return true;
  };

  button.hidden = false;
  button.addEventListener("click", mark);

  // The empty details box hides the textarea; say so before a leak without a mark is sent.
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value === "leak" && !leaks.value.trim() && !mark()) {
      event.preventDefault();
      box.open = true;
      told.textContent = told.dataset.mark;
      leaks.focus();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    // Or the letter would be typed into the field that the key leads to.
    if ("hmsclou".includes(event.key)) event.preventDefault();
    if (event.key === "h") document.getElementById("harmful").click();
    else if (event.key === "m") mark();
    else if (event.key === "s") document.getElementById("later")?.click();
    else form.querySelector(`button[data-key="${CSS.escape(event.key)}"]`)?.click();
  });
})();
