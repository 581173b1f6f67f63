/* A button that copies a text. It is hidden until this runs: without JavaScript the text stands beside it.

   <button type="button" hidden data-copy="…" data-copied="Copied">Copy</button> */
(function () {
  "use strict";

  function copy(text) {
    // Browsers offer their clipboard to pages that came over HTTPS only.
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    var field = document.createElement("textarea");
    field.value = text;
    document.body.appendChild(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    return Promise.resolve();
  }

  document.querySelectorAll("button[data-copy]").forEach(function (button) {
    var label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", function () {
      copy(button.dataset.copy).then(function () {
        button.textContent = button.dataset.copied;
        button.focus();
        setTimeout(function () { button.textContent = label; }, 2000);
      });
    });
  });
})();
