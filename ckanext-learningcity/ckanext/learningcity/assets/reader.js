/* On pages of readers without an account, in place of CKAN's scripts, which weigh more than the page.

   They are loaded as soon as something on the page needs them: at once for a module, else when the
   reader comes to a control that they work. The menu of phones does without them. */
(function () {
  "use strict";

  const addresses = document.currentScript.dataset.later.split(" ");
  const LINK = "[data-module='api-info']"; // a link to a page, which the script shows in this one
  const AT_ONCE = `[data-module]:not(${LINK}), .automatic-local-datetime`;
  const BUTTONS = `[data-bs-toggle], [data-bs-dismiss], .show-filters, .hide-filters, ${LINK}`;
  const FORMS = "[hx-boost], [hx-get], [hx-post]";
  let loaded = null;

  function load() {
    loaded = loaded || Promise.all(addresses.map(function (address) {
      return new Promise(function (done) {
        const script = document.createElement("script");
        script.src = address;
        script.async = false; // one after the other, as they stood in the page
        script.onload = script.onerror = done;
        document.body.appendChild(script);
      });
    }));
    return loaded;
  }

  function button(event) {
    const found = event.target.closest(BUTTONS);
    return found && !found.matches(".navbar-toggler") ? found : null;
  }

  const toggler = document.querySelector(".navbar-toggler");
  const menu = toggler && document.getElementById(toggler.getAttribute("aria-controls"));
  if (menu) {
    toggler.addEventListener("click", function () {
      if (window.bootstrap) { return; }
      toggler.setAttribute("aria-expanded", String(menu.classList.toggle("show")));
    });
  }

  if (document.querySelector(AT_ONCE)) {
    load();
    return;
  }

  document.addEventListener("pointerover", function (event) {
    if (button(event)) { load(); }
  });
  document.addEventListener("focusin", function (event) {
    const field = event.target.matches("input, select, textarea");
    if (button(event) || (field && event.target.closest(FORMS))) { load(); }
  });
  document.addEventListener("click", function (event) {
    const pressed = button(event);
    if (!pressed || window.bootstrap) { return; }
    event.preventDefault();
    load().then(function () {
      window.jQuery(function () { pressed.click(); });
    });
  });
})();
