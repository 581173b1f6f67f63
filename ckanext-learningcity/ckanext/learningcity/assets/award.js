/* Saves a form of the awards while one types. Everything works without it. */
(() => {
  "use strict";

  const PAUSE = 3000; // milliseconds of quiet before a save

  function watch(form) {
    const status = form.querySelector("[data-lc-saved]");
    let waiting = null;
    let last = Promise.resolve();

    const tell = (text) => {
      status.textContent = text;
    };

    function send(keepalive) {
      waiting = null;
      return fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "X-Requested-With": "XMLHttpRequest" },
        redirect: "error",
        keepalive,
      });
    }

    async function save() {
      try {
        const answer = await send(false);
        const found = await answer.json();
        if (!answer.ok) {
          tell(Object.values(found.errors).join(" "));
          return;
        }
        tell(form.dataset.saved);
        const bar = document.querySelector("[data-lc-share]");
        if (bar && "share" in found) {
          bar.style.width = `${found.share}%`;
          bar.parentElement.setAttribute("aria-valuenow", found.share);
          document.querySelector("[data-lc-percent]").textContent = `${found.share} %`;
          document.querySelector("[data-lc-still]").hidden = !found.missing.length;
          const list = document.querySelector("[data-lc-missing]");
          list.replaceChildren(
            ...found.missing.map((part) => {
              const item = document.createElement("li");
              item.textContent = part;
              return item;
            }),
          );
        }
      } catch {
        tell(form.dataset.failed);
      }
    }

    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        last = last.then(save);
      }, PAUSE);
    });
    form.addEventListener("submit", () => {
      clearTimeout(waiting);
      waiting = null;
    });
    window.addEventListener("pagehide", () => {
      if (waiting) send(true).catch(() => {}); // who leaves within the pause loses nothing
    });
  }

  document.querySelectorAll("form[data-lc-autosave]").forEach(watch);
})();
